import type { CDPSession, Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { setScene, signInAlice } from './scene.ts'

const scene = setScene()
const timeout = 30_000

const attach = (tab: Page): Promise<CDPSession> => tab.context().newCDPSession(tab)
const alice = { user: 'alice' }

/** So many tabs of one session; the first is in the middle of a refresh that gets no answer. */
const holdMidRefresh = async (count: number): Promise<Page[]> => {
  const tabs = await scene.tabs(count, { pattern: 'ours', waitMs: 500, refreshTimeoutMs: 8_000 })
  await signInAlice(tabs)
  const fault = scene.pool.fail({
    operation: 'GetTokensFromRefreshToken',
    times: 1,
    with: { kind: 'no-answer' },
  })
  void tabs[0]!.evaluate(() => void window.tab.refresh())
  await expect.poll(() => fault.met).toBe(1)
  return tabs
}

/** The others refresh once, all together, and use what they got. */
const goOn = async ([, ...others]: readonly Page[]): Promise<void> => {
  const calls = await Promise.all(others.map((tab) => tab.evaluate(() => window.tab.refresh())))
  for (const call of calls) expect(call).toMatchObject(alice)
  for (const tab of others)
    expect(await tab.evaluate(() => window.tab.calls(1))).toMatchObject([alice])
  expect([scene.refreshed(), scene.reused()]).toEqual([1, 0])
}

describe('the tab that refreshes does not come back', () => {
  test('frozen: the others go on within the bound', { timeout }, async () => {
    const tabs = await holdMidRefresh(2)
    const cdp = await attach(tabs[0]!)
    await cdp.send('Page.setWebLifecycleState', { state: 'frozen' })
    await goOn(tabs)
    await cdp.send('Page.setWebLifecycleState', { state: 'active' })
    // What it held is given up, and it takes over what the other has stored.
    await expect
      .poll(() => tabs[0]!.evaluate(() => window.tab.calls(1)), { timeout: 15_000 })
      .toMatchObject([alice])
  })

  test('frozen, and two wait: they go on one after the other', { timeout }, async () => {
    const tabs = await holdMidRefresh(3)
    await (await attach(tabs[0]!)).send('Page.setWebLifecycleState', { state: 'frozen' })
    await goOn(tabs)
  })

  test('crashed: the others go on', { timeout }, async () => {
    const tabs = await holdMidRefresh(2)
    void (await attach(tabs[0]!)).send('Page.crash').catch(() => {})
    await goOn(tabs)
  })

  test('closed: the others go on', { timeout }, async () => {
    const tabs = await holdMidRefresh(2)
    await tabs[0]!.close()
    await goOn(tabs)
  })

  test('stopped in the debugger: the others go on within the bound', { timeout }, async () => {
    const tabs = await holdMidRefresh(2)
    const cdp = await attach(tabs[0]!)
    await cdp.send('Debugger.enable')
    void cdp.send('Runtime.evaluate', { expression: 'debugger' }).catch(() => {})
    await goOn(tabs)
    await cdp.send('Debugger.resume')
  })
})

test('frozen, and it wakes with a late answer: the newer token stays', { timeout }, async () => {
  // Here the late answer would be as good as the other: nothing but the order tells them apart.
  scene.pool.configure({ rotation: false })
  const [a, b] = (await scene.tabs(2, { pattern: 'ours', waitMs: 300 })) as [Page, Page]
  await signInAlice([a, b])
  const fault = scene.pool.fail({
    operation: 'GetTokensFromRefreshToken',
    times: 1,
    with: { kind: 'delay', delayMs: 2_500, afterWork: true },
  })
  const late = a.evaluate(() => window.tab.refresh())
  await expect.poll(() => fault.met).toBe(1)
  const cdp = await attach(a)
  await cdp.send('Page.setWebLifecycleState', { state: 'frozen' })
  // Tokens carry whole seconds.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  const newer = await b.evaluate(() => window.tab.refresh())
  expect(newer).toMatchObject(alice)
  await cdp.send('Page.setWebLifecycleState', { state: 'active' })
  expect(await late).toEqual(newer)
  for (const tab of [a, b])
    expect(await tab.evaluate(() => window.tab.calls(1))).toMatchObject([newer])
  scene.pool.configure({ rotation: { graceSeconds: 0, revokeFamilyOnReuse: true } })
})

test(
  'stuck right before it asks: it looks again, and nothing is spent twice',
  { timeout },
  async () => {
    scene.pool.configure({ accessTokenSeconds: 60, idTokenSeconds: 60 })
    const profile = await scene.profile()
    const options = { pattern: 'ours', waitMs: 300 } as const
    const a = await scene.open(profile, { ...options, stuckMs: 2_500 })
    const b = await scene.open(profile, options)
    await signInAlice([a, b])
    const stuck = a.evaluate(() => window.tab.refresh())
    await new Promise((resolve) => setTimeout(resolve, 100))
    const other = await b.evaluate(() => window.tab.refresh())
    expect(other).toMatchObject(alice)
    expect(await stuck).toEqual(other)
    scene.pool.configure({ accessTokenSeconds: 2, idTokenSeconds: 2 })
    expect([scene.refreshed(), scene.reused()]).toEqual([1, 0])
  },
)

test('a tab whose refresh is slow is waited for: nothing is spent twice', { timeout }, async () => {
  const tabs = await scene.tabs(2, { pattern: 'ours', waitMs: 1_500 })
  await signInAlice(tabs)
  scene.pool.fail({
    operation: 'GetTokensFromRefreshToken',
    times: 1,
    with: { kind: 'delay', delayMs: 4_500 },
  })
  const calls = await Promise.all(tabs.map((tab) => tab.evaluate(() => window.tab.refresh())))
  expect(calls).toMatchObject([alice, alice])
  expect(calls[0]!.print).toBe(calls[1]!.print)
  expect([scene.refreshed(), scene.reused()]).toEqual([1, 0])
})

test(
  'Cognito never answers in one tab: the other has a typed error in time, and recovers with the service',
  { timeout: 60_000 },
  async () => {
    const tabs = await scene.tabs(2, { pattern: 'ours', waitMs: 500, refreshTimeoutMs: 2_000 })
    await signInAlice(tabs)
    const fault = scene.pool.fail({
      operation: 'GetTokensFromRefreshToken',
      with: { kind: 'no-answer' },
    })
    const ended = await Promise.all(
      tabs.map((tab) =>
        tab.evaluate(async () => {
          const before = performance.now()
          const { error } = await window.tab.refresh()
          return { error, tookMs: performance.now() - before }
        }),
      ),
    )
    for (const { error, tookMs } of ended) {
      expect(error).toMatch(/^(timeout|throttled)$/)
      expect(tookMs).toBeLessThan(3_000)
    }
    fault.clear()
    await expect
      .poll(() => tabs[1]!.evaluate(() => window.tab.refresh()), { timeout: 20_000 })
      .toMatchObject(alice)
  },
)
