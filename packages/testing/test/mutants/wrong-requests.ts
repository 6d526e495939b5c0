import type { WrongCore } from './wrong-core.ts'

/** Wrong in when a token is good, and in what goes out with it. */
export const wrongRequests: readonly WrongCore[] = [
  {
    name: 'a request is replayed with the token that was refused',
    patches: [
      {
        file: 'authorize.ts',
        find: '    if (!isStill && session.isUsable(held)) return',
        replace: '    if (session.isUsable(held)) return',
      },
    ],
  },
  {
    name: 'no refresh-if-still: a late refusal costs a refresh',
    patches: [
      {
        file: 'authorize.ts',
        find: 'const isStill = held?.value === rejected?.value',
        replace: 'const isStill = true',
      },
    ],
  },
  {
    name: 'a server that refuses every token costs a refresh each time',
    patches: [
      {
        file: 'authorize.ts',
        find: '    if (isStill && !refresher.flight && !mayRefresh()) return undefined\n',
        replace: '    void mayRefresh\n',
      },
    ],
  },
  {
    name: 'a body that cannot be sent again is replayed',
    patches: [
      {
        file: 'authorize.ts',
        find: '    if (replayable !== false) return refresher.join(',
        replace: '    if (true) return refresher.join(',
      },
    ],
  },
  {
    name: 'the token goes to any origin',
    patches: [
      { file: 'authorize.ts', find: '      if (!covers(url)) return undefined\n', replace: '' },
    ],
  },
  {
    name: 'the skew of the clock is not learned',
    patches: [
      {
        file: 'session.ts',
        find: '      skew = skewOf(token, sentAt, runtime.now(), known)\n',
        replace: '      skew = known || skewOf({ ...token, issuedAt: undefined }, sentAt, 0)\n',
      },
    ],
  },
  {
    name: 'the skew of the clock is taken the wrong way round',
    patches: [
      {
        file: 'expiry.ts',
        find: 'const endsAt = token.expiresAt - skewMs',
        replace: 'const endsAt = token.expiresAt + skewMs',
      },
    ],
  },
  {
    name: 'an expired token is handed out',
    patches: [
      {
        file: 'policy.ts',
        find: "    if (now >= held.expiredAt) return refresher.join('expired', held, signal)\n",
        replace: '',
      },
    ],
  },
  {
    name: 'requests wait inside the buffer',
    patches: [
      {
        file: 'policy.ts',
        find: "    refresher.start('stale')\n    return held\n",
        replace: "    return refresher.join('stale', held, signal)\n",
      },
    ],
  },
  {
    name: 'nothing is refreshed inside the buffer',
    patches: [
      {
        file: 'policy.ts',
        find: "    refresher.start('stale')\n    return held\n",
        replace: '    return held\n',
      },
    ],
  },
  {
    name: 'the buffer is not cut to a fifth of the lifetime',
    patches: [
      {
        file: 'expiry.ts',
        find: 'const buffer = Math.min(bufferMs, lifetime / 5)',
        replace: 'const buffer = bufferMs',
      },
    ],
  },
  {
    name: 'the jitter is wider than the buffer',
    patches: [{ file: 'expiry.ts', find: '(1 + draw / 5)', replace: '(1 + draw * 4)' }],
  },
  {
    name: 'an event shows the token',
    patches: [
      {
        file: 'attempt.ts',
        find: '      reason,\n      outcome,\n',
        replace: '      reason,\n      ...{ previous: target?.token.value },\n      outcome,\n',
      },
    ],
  },
  {
    name: 'an error keeps what the provider said, tokens and all',
    patches: [
      {
        file: 'errors.ts',
        find: "    .replace(/(?=\\S*\\d)\\S{16,}|\\S{32,}/g, '[redacted]')\n",
        replace: '',
      },
    ],
  },
  {
    name: 'the JSON of a token shows its value',
    patches: [
      {
        file: 'token.ts',
        find: '    toJSON: { value: () => shown },\n',
        replace: '    shown: { value: shown },\n',
      },
    ],
  },
]
