import type { WrongCore } from './wrong-core.ts'

/** Wrong in how refreshes fly, who waits for them, and how long the provider is left alone. */
export const wrongFlights: readonly WrongCore[] = [
  {
    name: 'two flights at once: the one in the air is not kept',
    patches: [
      {
        file: 'refresher.ts',
        find: '    flight = own\n    onStep()\n    return own',
        replace: '    onStep()\n    return own',
      },
    ],
  },
  {
    name: 'a flight that ended early clears the next one when its job ends',
    patches: [
      {
        file: 'single-flight.ts',
        find: '.then(job).then(flight.land, flight.fail)',
        replace: '.then(job).finally(onOver).then(flight.land, flight.fail)',
      },
    ],
  },
  {
    name: 'who comes with the token that a flight is just bringing gets it again',
    patches: [
      {
        file: 'refresher.ts',
        find: "    if (!joined || reason === 'expired') return landing\n",
        replace: '    if (unwanted !== null) return landing\n',
      },
    ],
  },
  {
    name: "a caller's abort ends the flight of all",
    patches: [
      {
        file: 'refresher.ts',
        find: 'orAbort(own.promise, signal, () => own.waiters--)',
        replace: 'orAbort(own.promise, signal, () => own.fail(signal!.reason))',
      },
    ],
  },
  {
    name: 'who waits for a flight does not notice an abort',
    patches: [
      {
        file: 'refresher.ts',
        find: 'orAbort(own.promise, signal, () => own.waiters--)',
        replace: 'orAbort(own.promise, undefined)',
      },
    ],
  },
  {
    name: 'a flight has no deadline',
    patches: [
      {
        file: 'refresher.ts',
        find: "own.fail(onFailure(new TokenError('timeout', message)))",
        replace: 'void message',
      },
    ],
  },
  {
    name: 'the timer of a deadline is not taken back',
    patches: [
      {
        file: 'refresher.ts',
        find: '      runtime.clearTimeout(timer)\n      flight = undefined',
        replace: '      flight = undefined',
      },
    ],
  },
  {
    name: 'a failed flight that nobody waits for is an unhandled rejection',
    patches: [{ file: 'single-flight.ts', find: '  promise.catch(() => {})\n', replace: '' }],
  },
  {
    name: 'the pause after a failure is not kept by who waits',
    patches: [
      {
        file: 'refresher.ts',
        find: 'if (failure && pauseMs) {',
        replace: 'if (failure && pauseMs < 0) {',
      },
    ],
  },
  {
    name: 'the pause after a failure is not kept in the background',
    patches: [
      {
        file: 'refresher.ts',
        find: 'if (!flight && !cooldown.leftMs()) takeOffFor(reason)',
        replace: 'if (!flight) void (failure = undefined, takeOffFor(reason))',
      },
    ],
  },
  {
    name: 'Retry-After is not heeded',
    patches: [{ file: 'cooldown.ts', find: '      extend(retryAt)\n', replace: '' }],
  },
  {
    name: 'a new token does not end the pause',
    patches: [
      {
        file: 'policy.ts',
        find: '    onMove(error, teller) {\n      refresher.resume()\n',
        replace: '    onMove(error, teller) {\n',
      },
      {
        file: 'policy.ts',
        find: '    onRenewal() {\n      refresher.resume()\n',
        replace: '    onRenewal() {\n',
      },
    ],
  },
  {
    name: 'the network coming back does not end the pause',
    patches: [{ file: 'policy.ts', find: 'if (online) cooldown.end()', replace: 'void online' }],
  },
  {
    name: 'the end of a pause wakes nobody who sleeps through it',
    patches: [
      { file: 'cooldown.ts', find: '      for (const wake of sleepers) wake()\n', replace: '' },
    ],
  },
  {
    name: 'what other tabs tell is not heard',
    patches: [
      {
        file: 'policy.ts',
        find: "if (news.kind === 'failed') return refresher.pause(news.retryAt)",
        replace: "if (news.kind === 'failed') return undefined",
      },
    ],
  },
  {
    name: 'a pause that another tab makes longer is shown as it was',
    patches: [
      {
        file: 'refresher.ts',
        find: '      if (!cooldown.leftMs() || retryAt <= (failure?.retryAt ?? 0)) return\n',
        replace: '      if (!cooldown.leftMs() || failure) return\n',
      },
    ],
  },
  {
    name: 'nothing is told to other tabs',
    patches: [
      {
        file: 'policy.ts',
        find: 'harmlessly(() => coordinator?.publish?.(source.name, news))',
        replace: 'void news',
      },
    ],
  },
  {
    name: 'a coordinator that fails is fatal',
    patches: [
      {
        file: 'refresher.ts',
        find: '.then(afterwards, afterwards)',
        replace: '.then(afterwards, reject)',
      },
    ],
  },
  {
    name: 'the coordinator is not asked',
    patches: [
      {
        file: 'refresher.ts',
        find: 'coordinator?.exclusive(source.name, once, { signal, previous, read })',
        replace: 'void [coordinator, previous, read]',
      },
    ],
  },
  {
    name: 'a listener that throws ends the refresh',
    patches: [
      {
        file: 'listeners.ts',
        find: 'harmlessly(() => listener(event))',
        replace: 'listener(event)',
      },
    ],
  },
  {
    name: 'a refresh is told of twice',
    patches: [{ file: 'attempt.ts', find: '    if (isReported) return\n', replace: '' }],
  },
  {
    name: 'the background refreshes of a hidden page go on',
    patches: [
      {
        file: 'policy.ts',
        find: 'if (!keepFresh || isHidden || !held || refresher.flight) return',
        replace: 'if (!keepFresh || !held || refresher.flight) return',
      },
    ],
  },
  {
    name: 'a policy works on after dispose',
    patches: [{ file: 'policy.ts', find: '      over = error\n', replace: '' }],
  },
]
