import type { UserPool } from '@unexpired/cognito-emulator'
import type { OpenTab } from './tab.ts'

/** What came of many rounds of tabs that all need a token at once. */
export interface RoundsResult {
  readonly rounds: number
  /** Refreshes that the pool has carried out. */
  readonly refreshes: number
  /** Refresh tokens that were spent a second time. */
  readonly reused: number
  /** How often the session was gone after a round; it is then signed in again. */
  readonly lost: number
  /** Calls that got no token, by what they got instead. */
  readonly failures: Readonly<Record<string, number>>
}

/** How rounds are played. */
export interface RoundsOptions {
  readonly rounds: number
  /** How much later than the first tab the last one asks, milliseconds. Default 0. */
  readonly laterMs?: number
}

const refreshesIn = (pool: UserPool): { ok: number; reused: number } => {
  const refreshes = pool.log.filter(({ operation }) => operation === 'GetTokensFromRefreshToken')
  return {
    ok: refreshes.filter(({ outcome }) => outcome === 'ok').length,
    reused: refreshes.filter(({ outcome }) => outcome === 'RefreshTokenReuseException').length,
  }
}

/** Tokens carry whole seconds: a round begins with one, and the token of the round before has ended by then. */
const nextRound = (): number => Math.ceil((Date.now() + 1_600) / 1000) * 1000 + 50

/**
 * In each round the token has expired, and every tab asks for one ten times at once, each tab up to
 * `laterMs` after the first.
 */
export const playRounds = async (
  pool: UserPool,
  tabs: readonly OpenTab[],
  { rounds, laterMs = 0 }: RoundsOptions,
): Promise<RoundsResult> => {
  const failures: Record<string, number> = {}
  let lost = 0
  const signIn = (): Promise<void> =>
    tabs[0]!.evaluate(() => {
      // What a lost session leaves behind is in the way of the next sign-in.
      localStorage.clear()
      return window.tab.signIn('alice', 'Secret-1')
    })
  await signIn()
  pool.clearLog()
  for (let round = 0; round < rounds; round++) {
    const startAt = nextRound()
    const results = await Promise.all(
      tabs.map((tab, index) => {
        const atMs = startAt + Math.round((laterMs * index) / Math.max(1, tabs.length - 1))
        return tab.evaluate((at: number) => window.tab.calls(10, at), atMs)
      }),
    )
    for (const { error } of results.flat()) if (error) failures[error] = (failures[error] ?? 0) + 1
    // Gone for good, and not only failed once: nobody gets a token any more.
    const [after] = await tabs[0]!.evaluate(() => window.tab.calls(1))
    if (after!.error) {
      lost++
      await signIn()
    }
  }
  const { ok, reused } = refreshesIn(pool)
  return { rounds, refreshes: ok, reused, lost, failures }
}
