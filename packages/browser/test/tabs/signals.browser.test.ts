import type { Page } from 'playwright'
import { afterEach, describe, expect, test } from 'vitest'
import { setScene, signInAlice } from './scene.ts'
import type { TabOptions } from './tab.ts'

const scene = setScene()
const timeout = 30_000
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
/** Tokens live for two seconds. */
const untilExpired = (): Promise<void> => pause(2_100)

const openSignedIn = async (options: Partial<TabOptions> = {}): Promise<Page> => {
  const [tab] = (await scene.tabs(1, { pattern: 'ours', ...options })) as [Page]
  await signInAlice([tab])
  expect(await tab.evaluate(() => window.tab.requests(3))).toEqual([200, 200, 200])
  return tab
}

const request = (tab: Page, count: number): Promise<(number | string)[]> =>
  tab.evaluate((number) => window.tab.requests(number), count)

test('many signals at once: one refresh', { timeout }, async () => {
  const tab = await openSignedIn()
  await untilExpired()
  await tab.evaluate(() => window.tab.signal(20))
  await expect.poll(scene.refreshed).toBe(1)
  expect(await request(tab, 5)).toEqual([200, 200, 200, 200, 200])
  expect(scene.refreshed()).toBe(1)
})

test('signals while the token is fresh: none', { timeout }, async () => {
  scene.pool.configure({ accessTokenSeconds: 60, idTokenSeconds: 60 })
  const tab = await openSignedIn()
  await tab.evaluate(() => window.tab.signal(20))
  await pause(300)
  scene.pool.configure({ accessTokenSeconds: 2, idTokenSeconds: 2 })
  expect(scene.refreshed()).toBe(0)
})

test('a hidden tab starts no refresh, and makes one when it is asked', { timeout }, async () => {
  const tab = await openSignedIn()
  await tab.evaluate(() => window.tab.hide(true))
  await untilExpired()
  await tab.evaluate(() => window.tab.signal(5))
  await pause(500)
  expect(scene.refreshed()).toBe(0)
  expect(await request(tab, 2)).toEqual([200, 200])
  expect(scene.refreshed()).toBe(1)
  await untilExpired()
  await tab.evaluate(() => window.tab.hide(false))
  await expect.poll(scene.refreshed).toBe(2)
})

test(
  'offline, then online: one refresh, and no request fails after it',
  { timeout: 120_000 },
  async () => {
    const tab = await openSignedIn({ refreshTimeoutMs: 1_000, retryBaseMs: 60_000 })
    await tab.context().setOffline(true)
    await untilExpired()
    expect(await request(tab, 3)).toEqual(['offline', 'offline', 'offline'])
    await pause(Number(process.env['OFFLINE_MS'] ?? 2_000))
    expect(await request(tab, 1)).toEqual(['offline'])
    expect(scene.refreshed()).toBe(0)
    await tab.context().setOffline(false)
    await expect.poll(scene.refreshed).toBe(1)
    expect(await request(tab, 5)).toEqual([200, 200, 200, 200, 200])
    expect([scene.refreshed(), scene.site.statuses.includes(401)]).toEqual([1, false])
  },
)

/** After a sleep: every clock but the monotonic one of this machine has gone on. */
const sleepEightHours = async (): Promise<Page> => {
  const hours = 8 * 3_600
  scene.pool.configure({ accessTokenSeconds: 3_600, idTokenSeconds: 3_600 })
  const tab = await openSignedIn()
  scene.pool.configure({ clockOffsetSeconds: hours })
  await tab.evaluate((ms) => window.tab.forward(ms), hours * 1_000)
  return tab
}

const wakesUp = async (tab: Page, reason: string): Promise<void> => {
  expect(await request(tab, 5)).toEqual([200, 200, 200, 200, 200])
  expect([scene.refreshed(), scene.site.statuses.includes(401)]).toEqual([1, false])
  const reasons = (await tab.evaluate(() => window.tab.events())).flatMap((event) =>
    event.type === 'refresh' ? [event.reason] : [],
  )
  expect(reasons).toEqual([reason])
}

describe('the clock is 8 h ahead after a sleep: one refresh, and no request is refused', () => {
  afterEach(() => {
    scene.pool.configure({ clockOffsetSeconds: 0, accessTokenSeconds: 2, idTokenSeconds: 2 })
  })

  test('where the page notices, within five seconds', { timeout }, async () => {
    const tab = await sleepEightHours()
    await expect.poll(scene.refreshed, { timeout: 7_000 }).toBe(1)
    await wakesUp(tab, 'recheck')
  })

  test('where a request comes first', { timeout }, async () => {
    await wakesUp(await sleepEightHours(), 'expired')
  })
})

test('back from the back-forward cache: one refresh', { timeout }, async () => {
  const tab = await openSignedIn()
  await tab.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => Object.assign(window, { persisted }))
  })
  await tab.goto(scene.pool.endpoint)
  await untilExpired()
  await tab.goBack({ waitUntil: 'commit' })
  await expect.poll(scene.refreshed).toBe(1)
  expect(await tab.evaluate(() => Reflect.get(window, 'persisted'))).toBe(true)
  expect(await request(tab, 3)).toEqual([200, 200, 200])
  expect(scene.refreshed()).toBe(1)
})

test('dispose leaves nothing behind', { timeout }, async () => {
  const tab = await openSignedIn()
  await tab.evaluate(() => window.tab.refresh())
  const alive = async (): Promise<(number | undefined)[]> => {
    const counts = await tab.evaluate(() => window.tab.alive())
    const what = ['visibilitychange', 'pageshow', 'online', 'BroadcastChannel', 'interval']
    return [...what, 'storage'].map((name) => counts[name])
  }
  // One of those that listen to the storage is Amplify's own Hub, which goes on.
  expect(await alive()).toEqual([1, 1, 1, 1, 1, 2])
  await tab.evaluate(() => window.tab.dispose())
  const none = undefined
  expect(await alive()).toEqual([none, none, none, none, none, 1])
})
