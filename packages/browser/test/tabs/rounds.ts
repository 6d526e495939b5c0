import type { UserPool } from '@unexpired/cognito-emulator'
import type { Page } from 'playwright'
import type { Call } from './tab.ts'

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

const refreshesIn = (pool: UserPool): { ok: number; reused: number } => {
  const refreshes = pool.log.filter(({ operation }) => operation === 'GetTokensFromRefreshToken')
  return {
    ok: refreshes.filter(({ outcome }) => outcome === 'ok').length,
    reused: refreshes.filter(({ outcome }) => outcome === 'RefreshTokenReuseException').length,
  }
}

/**
 * In each round the token has expired, and every tab asks for one ten times at once, each tab up to
 * `laterMs` after the first. Tokens carry whole seconds, so a round begins with one.
 */
export const playRounds = async (
  pool: UserPool,
  tabs: readonly Page[],
  {
    rounds,
    laterMs = 0,
    periodMs = 2_000,
  }: { rounds: number; laterMs?: number; periodMs?: number },
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
    const startAt = Math.ceil((Date.now() + periodMs - 400) / 1000) * 1000 + 50
    const results = await Promise.all(
      tabs.map((tab, index) => {
        const atMs = startAt + Math.round((laterMs * index) / Math.max(1, tabs.length - 1))
        return tab.evaluate((at) => window.tab.calls(10, at), atMs)
      }),
    )
    for (const { error } of results.flat() as Call[])
      if (error) failures[error] = (failures[error] ?? 0) + 1
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
