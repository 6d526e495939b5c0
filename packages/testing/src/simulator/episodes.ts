import type { Step, World } from './schedule.ts'

/** What chance gives to an episode. */
export interface Chance {
  pick<T>(...choices: readonly T[]): T
  upTo(ms: number): number
  tab(): number
}

/**
 * Short stories that chance alone would seldom tell: each needs several things in one order, and one
 * of them at the right moment. One that makes no sense in a world is empty.
 */
export const episodes: readonly ((world: World, chance: Chance) => readonly Step[])[] = [
  /** A caller waits for the end of a pause, and something ends the pause, or the wait. */
  ({ lifetimeMs }, { pick, upTo, tab }) => {
    const fault = { name: 'throttled', retryAfterMs: pick(2_000, 8_000) } as const
    const [at, to] = [upTo(1_500), tab()]
    return [
      { after: lifetimeMs, do: 'fault', fault },
      { after: 0, do: 'token', tab: to, count: 2 },
      { after: 20, do: 'token', tab: to, count: 1 },
      pick<Step>(
        { after: at, do: 'recheck', tab: to, online: true },
        { after: at, do: 'sign-in', user: 'alice' },
        { after: at, do: 'dispose', tab: to },
      ),
      { after: 1_000, do: 'token', tab: to, count: 1 },
    ]
  },
  /** The answer comes when everybody has given up, and the next refresh token is in it. */
  ({ lifetimeMs }, { pick, upTo, tab }) => {
    const to = tab()
    return [
      { after: lifetimeMs, do: 'fault', fault: { name: 'latency', ms: 10_000 + upTo(1_500) } },
      { after: 0, do: 'token', tab: to, count: 1 },
      { after: 15_000, do: pick('revoke-access', 'sign-out') },
      { after: 0, do: 'token', tab: to, count: 1 },
    ]
  },
  /** A quiet user whose token becomes stale while the app goes on asking. */
  ({ lifetimeMs }, { upTo, tab }) => [
    {
      after: Math.floor(lifetimeMs * 0.7) + upTo(lifetimeMs * 0.2),
      do: 'request',
      tab: tab(),
      count: 40,
      everyMs: 1_000,
      answerMs: 10,
    },
  ],
  /** An API that refuses every token, as for a wrong audience, and an app that goes on asking. */
  (_, { pick, tab }) => [
    { after: 0, do: 'refuse-all', forMs: 40_000 },
    {
      after: 0,
      do: 'request',
      tab: tab(),
      count: 40,
      everyMs: pick(500, 1_000),
      answerMs: pick(0, 10),
    },
  ],
  /** Somebody signs in or out while a token is being stored. */
  ({ lifetimeMs, latencyMs, storeMs = 0 }, { pick, upTo, tab }) => [
    { after: lifetimeMs, do: 'token', tab: tab(), count: 1 },
    {
      ...pick<Step>(
        { after: 0, do: 'sign-in', user: 'alice' },
        { after: 0, do: 'sign-in', user: 'bob' },
        { after: 0, do: 'sign-out' },
      ),
      after: latencyMs + upTo(storeMs + 2),
    },
  ],
  /** Two tabs, of which the first is slow: the second has refreshed when the answer comes. */
  ({ lifetimeMs }, { upTo, tab }) => [
    { after: lifetimeMs, do: 'fault', fault: { name: 'latency', ms: 2_000 + upTo(4_000) } },
    { after: 0, do: 'token', tab: tab(), count: 1 },
    { after: 100, do: 'token', tab: tab(), count: 1 },
    { after: 100, do: 'token', tab: tab(), count: 1 },
  ],
  /** The store is looked at while a token is being stored, and still shows the one before. */
  ({ lifetimeMs, latencyMs, storeMs = 0 }, { pick, upTo, tab }) => {
    const to = tab()
    const ask = { after: 0, do: 'token', tab: to, count: 1 } as const
    return [
      ...pick<readonly Step[]>(
        [{ ...ask, after: lifetimeMs }],
        // In the second in which it was issued, so that their claims do not say which came first.
        [
          { after: 0, do: 'sign-in', user: 'alice' },
          ask,
          { after: upTo(100), do: 'refresh', tab: to, ifCurrent: false },
        ],
      ),
      { ...ask, after: latencyMs + 1 + upTo(storeMs) },
      { after: 0, do: 'recheck', tab: to },
      ask,
    ]
  },
  /** A tab is frozen with the lock, and wakes up when another has just stored what it cannot see yet. */
  ({ coordinator, tabs, latencyMs, lagMs, rotation, graceMs }, { upTo, tab }) => {
    const canBoth = !rotation || graceMs > 0
    if (coordinator !== 'loses' || !lagMs || !canBoth) return []
    const one = tab()
    const other = (one + 1) % tabs
    const [look, refresh] = [
      { after: 0, do: 'token', count: 1 },
      { after: 0, do: 'refresh', ifCurrent: false },
    ] as const
    return [
      { after: 0, do: 'sign-in', user: 'alice' },
      { ...look, tab: one },
      { ...look, tab: other },
      { after: 2_000, do: 'fault', fault: { name: 'latency', ms: 500 } },
      { ...refresh, tab: one },
      { after: 1, do: 'freeze', tab: one, forMs: 2_000 + latencyMs + upTo(lagMs) },
      { ...refresh, tab: other },
      { ...look, after: 5_000, tab: one },
    ]
  },
  /** Somebody else signs in, or the user out, while the store is read. */
  ({ readMs = 0 }, { pick, upTo, tab }) => [
    { after: 0, do: 'sign-in', user: 'alice' },
    { after: 0, do: 'token', tab: tab(), count: 1 },
    {
      ...pick<Step>({ after: 0, do: 'sign-in', user: 'bob' }, { after: 0, do: 'sign-out' }),
      after: upTo(readMs + 1),
    },
  ],
]
