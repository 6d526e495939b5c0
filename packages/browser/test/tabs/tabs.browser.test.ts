import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { playRounds } from './rounds.ts'
import { openSite, type Site, type TabOptions } from './site.ts'

/** The long form: `ROUNDS=300`. */
const rounds = Number(process.env['ROUNDS'] ?? 8)

let site: Site
let closers: (() => Promise<void>)[] = []
beforeAll(async () => {
  site = await openSite()
})
afterEach(async () => {
  for (const close of closers) await close()
  closers = []
  site.pool.clearFaults()
  site.pool.clearLog()
})
afterAll(() => site.close())

const openTabs = async (count: number, options: TabOptions): Promise<Page[]> => {
  const profile = await site.profile()
  closers.push(profile.close)
  return Promise.all(Array.from({ length: count }, () => profile.open(options)))
}

const refreshed = (): number =>
  site.pool.log.filter(
    ({ operation, outcome }) => operation === 'GetTokensFromRefreshToken' && outcome === 'ok',
  ).length

const timeout = rounds * 4_000 + 60_000

describe('three tabs, ten calls each, tokens expired', () => {
  test('at once: one refresh a round, no session lost', { timeout }, async () => {
    const tabs = await openTabs(3, { pattern: 'ours' })
    expect(await playRounds(site.pool, tabs, { rounds })).toEqual({
      rounds,
      refreshes: rounds,
      reused: 0,
      lost: 0,
      failures: {},
    })
  })

  test('50 ms apart: the same', { timeout }, async () => {
    const tabs = await openTabs(3, { pattern: 'ours' })
    expect(await playRounds(site.pool, tabs, { rounds, laterMs: 50 })).toEqual({
      rounds,
      refreshes: rounds,
      reused: 0,
      lost: 0,
      failures: {},
    })
  })

  test('the control: the pasted pattern loses sessions', { timeout }, async () => {
    // It refreshes within five minutes of the end, so a minute is enough; in the last five seconds
    // Amplify refreshes by itself, and nobody could even sign in.
    site.pool.configure({ accessTokenSeconds: 60, idTokenSeconds: 60 })
    const tabs = await openTabs(3, { pattern: 'pasted' })
    const { lost, reused } = await playRounds(site.pool, tabs, {
      rounds: Math.min(rounds, 20),
      laterMs: 20,
    })
    site.pool.configure({ accessTokenSeconds: 2, idTokenSeconds: 2 })
    expect(lost).toBeGreaterThan(0)
    expect(reused).toBeGreaterThan(0)
  })
})

describe('the tab that refreshes does not come back', () => {
  const quick: TabOptions = { pattern: 'ours', waitMs: 500, refreshTimeoutMs: 8_000 }

  const holdMidRefresh = async (): Promise<[Page, Page, ReturnType<Site['pool']['fail']>]> => {
    const [a, b] = (await openTabs(2, quick)) as [Page, Page]
    await a.evaluate(() => window.tab.signIn('alice', 'Secret-1'))
    await b.evaluate(() => window.tab.calls(1))
    const fault = site.pool.fail({
      operation: 'GetTokensFromRefreshToken',
      times: 1,
      with: { kind: 'no-answer' },
    })
    void a.evaluate(() => void window.tab.refresh())
    await expect.poll(() => fault.met).toBe(1)
    return [a, b, fault]
  }

  const goesOn = async (b: Page): Promise<void> => {
    const call = await b.evaluate(() => window.tab.refresh())
    expect(call).toMatchObject({ user: 'alice' })
    expect(await b.evaluate(() => window.tab.calls(1))).toMatchObject([{ user: 'alice' }])
    expect(refreshed()).toBe(1)
  }

  test('frozen: the others go on within the bound', { timeout: 30_000 }, async () => {
    const [a, b] = await holdMidRefresh()
    const cdp = await a.context().newCDPSession(a)
    await cdp.send('Page.setWebLifecycleState', { state: 'frozen' })
    await goesOn(b)
    await cdp.send('Page.setWebLifecycleState', { state: 'active' })
    // What it held is given up, and it takes over what the other has stored.
    await expect
      .poll(() => a.evaluate(() => window.tab.calls(1)), { timeout: 15_000 })
      .toMatchObject([{ user: 'alice' }])
  })

  test('crashed: the others go on', { timeout: 30_000 }, async () => {
    const [a, b] = await holdMidRefresh()
    const cdp = await a.context().newCDPSession(a)
    void cdp.send('Page.crash').catch(() => {})
    await goesOn(b)
  })

  test('closed: the others go on', { timeout: 30_000 }, async () => {
    const [a, b] = await holdMidRefresh()
    await a.close()
    await goesOn(b)
  })

  test(
    'stopped in the debugger: the others go on within the bound',
    { timeout: 30_000 },
    async () => {
      const [a, b] = await holdMidRefresh()
      const cdp = await a.context().newCDPSession(a)
      await cdp.send('Debugger.enable')
      void cdp.send('Runtime.evaluate', { expression: 'debugger' }).catch(() => {})
      await goesOn(b)
      await cdp.send('Debugger.resume')
    },
  )
})

test(
  'Cognito never answers in one tab: the other has a typed error in time, and recovers with the service',
  { timeout: 60_000 },
  async () => {
    const [a, b] = (await openTabs(2, {
      pattern: 'ours',
      waitMs: 500,
      refreshTimeoutMs: 2_000,
    })) as [Page, Page]
    await a.evaluate(() => window.tab.signIn('alice', 'Secret-1'))
    const fault = site.pool.fail({
      operation: 'GetTokensFromRefreshToken',
      with: { kind: 'no-answer' },
    })
    const [, late] = await Promise.all(
      [a, b].map((tab) => tab.evaluate(() => window.tab.refresh())),
    )
    expect(late).toEqual({ error: expect.stringMatching(/^(timeout|throttled)$/) })
    fault.clear()
    await expect
      .poll(() => b.evaluate(() => window.tab.refresh()), { timeout: 20_000 })
      .toMatchObject({ user: 'alice' })
  },
)

describe('another session while a refresh is in the air', () => {
  const refreshSlowly = async (): Promise<[Page, Page, Promise<unknown>]> => {
    const [a, b] = (await openTabs(2, { pattern: 'ours' })) as [Page, Page]
    await a.evaluate(() => window.tab.signIn('alice', 'Secret-1'))
    await b.evaluate(() => window.tab.calls(1))
    const fault = site.pool.fail({
      operation: 'GetTokensFromRefreshToken',
      times: 1,
      with: { kind: 'delay', delayMs: 700 },
    })
    const refreshing = b.evaluate(() => window.tab.refresh())
    await expect.poll(() => fault.met).toBe(1)
    return [a, b, refreshing]
  }

  test(
    'sign-out in one tab while the other refreshes: both are signed out',
    { timeout: 30_000 },
    async () => {
      const [a, b, refreshing] = await refreshSlowly()
      await a.evaluate(() => window.tab.signOut())
      expect(await refreshing).toHaveProperty('error')
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      for (const tab of [a, b])
        expect(await tab.evaluate(() => window.tab.calls(1))).toMatchObject([
          { error: 'signed-out' },
        ])
    },
  )

  test(
    'bob signs in in one tab while the other refreshes for alice: both are bob, never alice',
    { timeout: 30_000 },
    async () => {
      const [a, b, refreshing] = await refreshSlowly()
      await a.evaluate(async () => {
        await window.tab.signOut()
        await window.tab.signIn('bob', 'Secret-2')
      })
      expect(await refreshing).toHaveProperty('error')
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      for (const tab of [a, b])
        expect(await tab.evaluate(() => window.tab.calls(1))).toMatchObject([{ user: 'bob' }])
    },
  )
})

test(
  'one tab is throttled, and the other knows; one recovers, and so does the other',
  {
    timeout: 30_000,
  },
  async () => {
    const [a, b] = (await openTabs(2, { pattern: 'ours', refreshTimeoutMs: 2_000 })) as [Page, Page]
    await a.evaluate(() => window.tab.signIn('alice', 'Secret-1'))
    await b.evaluate(() => window.tab.calls(1))
    const fault = site.pool.fail({
      operation: 'GetTokensFromRefreshToken',
      with: { kind: 'throttle' },
    })
    expect(await a.evaluate(() => window.tab.refresh())).toHaveProperty('error')
    const retryAt = (tab: Page): Promise<number | undefined> =>
      tab.evaluate(() => window.tab.snapshot().retryAt)
    expect(await retryAt(b)).toEqual(expect.any(Number))
    fault.clear()
    await expect
      .poll(() => a.evaluate(() => window.tab.refresh()), { timeout: 15_000 })
      .toMatchObject({ user: 'alice' })
    await expect.poll(() => retryAt(b)).toBeUndefined()
  },
)

test.each(['indexedDB', 'locks', 'BroadcastChannel', 'localStorage'])(
  'without %s it works in the page, and says so once',
  { timeout: 30_000 },
  async (missing) => {
    const [a] = (await openTabs(1, { pattern: 'ours', without: [missing] })) as [Page]
    await a.evaluate(() => window.tab.signIn('alice', 'Secret-1'))
    for (let n = 0; n < 3; n++)
      expect(await a.evaluate(() => window.tab.refresh())).toMatchObject({ user: 'alice' })
    const notices = (await a.evaluate(() => window.tab.events())).filter(
      ({ type }) => type === 'notice',
    )
    expect(notices).toHaveLength(missing === 'localStorage' ? 0 : 1)
  },
)
