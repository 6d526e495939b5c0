import type { Frame, Page } from 'playwright'
import { expect, test } from 'vitest'
import { playRounds } from './rounds.ts'
import { setScene } from './scene.ts'

const scene = setScene()
const timeout = 30_000

/** Refreshes three times, and gives the notices that were told meanwhile. */
const refreshThreeTimes = async (tab: Page | Frame): Promise<string[]> => {
  await tab.evaluate(() => window.tab.signIn('alice', 'Secret-1'))
  for (let n = 0; n < 3; n++)
    expect(await tab.evaluate(() => window.tab.refresh())).toMatchObject({ user: 'alice' })
  const events = await tab.evaluate(() => window.tab.events())
  return events.flatMap((event) => (event.type === 'notice' ? [event.message] : []))
}

test.each([
  ['indexedDB', ['There is no IndexedDB here']],
  ['locks', ['There is no navigator.locks here']],
  ['BroadcastChannel', ['There is no BroadcastChannel here']],
  ['localStorage', []],
])('without %s it works in the page, and says so once', { timeout }, async (missing, said) => {
  const [tab] = (await scene.tabs(1, { pattern: 'ours', without: [missing] })) as [Page]
  const notices = await refreshThreeTimes(tab)
  expect(notices).toEqual(said.map((start) => expect.stringContaining(start)))
})

test('without any of them it says so once', { timeout }, async () => {
  const without = ['indexedDB', 'locks', 'BroadcastChannel', 'localStorage']
  const [tab] = (await scene.tabs(1, { pattern: 'ours', without })) as [Page]
  expect(await refreshThreeTimes(tab)).toHaveLength(1)
})

test.each(['indexedDB', 'transaction'])(
  'an IndexedDB whose %s never answers costs a pause, and no session',
  { timeout },
  async (part) => {
    const [tab] = (await scene.tabs(1, { pattern: 'ours', hanging: [part] })) as [Page]
    expect(await refreshThreeTimes(tab)).toEqual([
      expect.stringContaining('There is no IndexedDB here'),
    ])
    expect(scene.reused()).toBe(0)
  },
)

test(
  'without locks, who loses the race for a refresh token takes what the winner got',
  { timeout: 90_000 },
  async () => {
    // As at a provider that refuses a spent refresh token, and leaves it at that.
    scene.pool.configure({ rotation: { graceSeconds: 0, revokeFamilyOnReuse: false } })
    const tabs = await scene.tabs(3, { pattern: 'ours', without: ['locks'] })
    const { lost, failures } = await playRounds(scene.pool, tabs, { rounds: 4 })
    scene.pool.configure({ rotation: { graceSeconds: 0, revokeFamilyOnReuse: true } })
    expect([lost, failures]).toEqual([0, {}])
    expect(scene.reused()).toBeGreaterThan(0)
  },
)

test('in a sandboxed frame, of an opaque origin, it works by itself', { timeout }, async () => {
  const page = await (await scene.profile()).newPage()
  await page.goto(scene.site.origin)
  await page.setContent(
    `<iframe sandbox="allow-scripts" src="${scene.site.address({ pattern: 'ours' })}"></iframe>`,
  )
  const frame = await page.waitForSelector('iframe').then((element) => element.contentFrame())
  await frame!.waitForFunction(() => 'tab' in window)
  expect(await frame!.evaluate(() => origin)).toBe('null')
  expect(await refreshThreeTimes(frame!)).toHaveLength(1)
})
