import type { WrongCore } from './wrong-core.ts'

/** Wrong in who is signed in, and in what may replace which token. */
export const wrongSessions: readonly WrongCore[] = [
  {
    name: 'no commit guard: what another has stored is written over',
    patches: [
      {
        file: 'attempt.ts',
        find: '  if (isOvertaken && session.isUsable(found)) return found\n  if (isOvertaken || !isMine || !isNewer) {',
        replace: '  if (!isMine || !isNewer) {',
      },
    ],
  },
  {
    name: 'no commit guard: the coordinator is not asked whether another has committed',
    patches: [
      {
        file: 'attempt.ts',
        find: '  const isMine = await ',
        replace: '  const isMine = true || await ',
      },
    ],
  },
  {
    name: 'an answer that is not newer is taken',
    patches: [
      {
        file: 'attempt.ts',
        find: '!(answer.value === target.token.value || isOlder(answer, target.token))',
        replace: '!isOlder(answer, target.token)',
      },
    ],
  },
  {
    name: 'an older token is taken from the store',
    patches: [
      {
        file: 'session.ts',
        find: '} else if (!held || !isOlder(found, held.token)) {',
        replace: '} else {',
      },
      { file: 'session.ts', find: ' && found.value !== dead)', replace: ')' },
    ],
  },
  {
    name: 'the token that was just replaced is taken again from the store',
    patches: [{ file: 'session.ts', find: ' && found.value !== dead)', replace: ')' }],
  },
  {
    name: 'the flight is not keyed: it goes on for whoever is signed in next',
    patches: [{ file: 'policy.ts', find: '      refresher.flight?.fail(error)\n', replace: '' }],
  },
  {
    name: 'a late answer is kept whoever is signed in',
    patches: [
      {
        file: 'attempt.ts',
        find: 'if (isSame(session.held, target)) inTurn(keep(answer), life).then(onStep, () => {})',
        replace:
          'void (session.put(answer), Promise.resolve(source.store?.(answer, { signal: new AbortController().signal })).then(onStep, () => {}))',
      },
    ],
  },
  {
    name: 'a late answer is thrown away, and the refresh token with it',
    patches: [
      {
        file: 'attempt.ts',
        find: '    if (isSame(session.held, target)) inTurn(keep(answer), life).then(onStep, () => {})\n',
        replace: '',
      },
    ],
  },
  {
    name: 'a sign-in of the same user is written over by a store that is under way',
    patches: [
      {
        file: 'attempt.ts',
        find: '    const signal = session.tenure\n',
        replace: '    const signal = life\n',
      },
    ],
  },
  {
    name: 'a store that is under way goes on after a sign-out',
    patches: [
      {
        file: 'attempt.ts',
        find: 'await source.store?.(answer, { signal })',
        replace: 'await source.store?.(answer, { signal: new AbortController().signal })',
      },
      {
        file: 'attempt.ts',
        find: "if (over?.kind === 'signed-out') await source.clear?.(answer)\n      else if",
        replace: 'void over\n      if',
      },
    ],
  },
  {
    name: 'the store is not read again before a refresh',
    patches: [
      {
        file: 'attempt.ts',
        find: '  const target = await session.reread()\n',
        replace: '  const target = await session.held\n',
      },
    ],
  },
  {
    name: 'the store is not read again before a session is given up',
    patches: [
      {
        file: 'attempt.ts',
        find: '    const now = await session.reread()\n',
        replace: '    const now = await target\n',
      },
    ],
  },
  {
    name: 'a change of user is not noticed',
    patches: [
      {
        file: 'session.ts',
        find: 'if (held ? isOtherUser(held.token, found) : epoch || !unknown) {',
        replace: 'if (held ? false : epoch || !unknown) {',
      },
    ],
  },
  {
    name: 'a sign-out is not noticed',
    patches: [
      {
        file: 'session.ts',
        find: 'if (source.hiddenSession ? told : held) {',
        replace: 'if (source.hiddenSession ? told : false) {',
      },
    ],
  },
  {
    name: 'a read that a change has overtaken counts',
    patches: [
      {
        file: 'session.ts',
        find: '      if (order <= outdated && again) return read(again - 1)\n',
        replace: '',
      },
    ],
  },
  {
    name: 'a store that tells of no changes is read once',
    patches: [
      {
        file: 'session.ts',
        find: '    unsubscribe && applied > outdated\n',
        replace: '    applied && applied > outdated\n',
      },
    ],
  },
  {
    name: 'what the store tells of is not read',
    patches: [
      {
        file: 'session.ts',
        find: "          if (!isReading) changed('source')\n",
        replace: '          void changed\n',
      },
    ],
  },
  {
    name: 'a session out of sight that has ended is asked for without end',
    patches: [
      {
        file: 'session.ts',
        find: '      dead = held?.token.value\n      unknown = false\n',
        replace: '      dead = held?.token.value\n',
      },
    ],
  },
  {
    name: 'after a change of user a request is replayed as the other one',
    patches: [
      {
        file: 'authorize.ts',
        find: 'if (rejected && (rejected as Held<T>).epoch !== session.epoch) {',
        replace: 'if (rejected && (rejected as Held<T>).epoch < 0) {',
      },
    ],
  },
]
