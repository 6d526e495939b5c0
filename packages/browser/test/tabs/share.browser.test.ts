import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import type { Bundle } from './micro.ts'
import { playRounds } from './rounds.ts'
import { setScene } from './scene.ts'
import type { TabOptions } from './tab.ts'
import { incompatible, newer } from './versions.ts'

declare global {
  interface Window {
    bundles: Bundle[]
  }
}

const scene = setScene({ newer, incompatible })
const timeout = 60_000

const ours = ['/micro.js?bundle=1', '/micro.js?bundle=2']
const theirs = ['/newer/micro.js?bundle=1', '/newer/micro.js?bundle=2']

/** So many tabs, each with these bundles; and what they say to the developer. */
const openTabs = async (
  count: number,
  scripts: readonly string[],
  options: TabOptions = { pattern: 'ours' },
): Promise<{ tabs: Page[]; said: string[] }> => {
  scene.site.serve('/micro', scripts)
  const profile = await scene.profile()
  const said: string[] = []
  profile.on('console', (message) => {
    if (message.text().startsWith('sharePolicy')) said.push(message.text())
  })
  const tabs = await Promise.all(
    Array.from({ length: count }, async () => {
      const tab = await scene.open(profile, options, '/micro')
      await tab.waitForFunction((length) => window.bundles.length === length, scripts.length)
      return tab
    }),
  )
  return { tabs, said }
}

const policies = (tab: Page): Promise<number> =>
  tab.evaluate(() => new Set(window.bundles.map(({ policy }) => policy)).size)

test.each([
  ['the older one first', 2, [...ours, ...theirs]],
  ['the newer one first', 1, [...theirs, ...ours]],
])(
  'four bundles of two versions, %s, in three tabs: one refresh a round',
  { timeout },
  async (_, rounds, scripts) => {
    const { tabs } = await openTabs(3, scripts)
    for (const tab of tabs) expect(await policies(tab)).toBe(1)
    expect(await playRounds(scene.pool, tabs, { rounds })).toEqual({
      rounds,
      refreshes: rounds,
      reused: 0,
      lost: 0,
      failures: {},
    })
  },
)

test('the control: the same bundles without sharePolicy lose sessions', { timeout }, async () => {
  const rounds = 2
  scene.pool.configure({ accessTokenSeconds: 60, idTokenSeconds: 60 })
  const { tabs } = await openTabs(3, [...ours, ...theirs], { pattern: 'pasted' })
  const { lost, reused } = await playRounds(scene.pool, tabs, { rounds, laterMs: 20 })
  scene.pool.configure({ accessTokenSeconds: 2, idTokenSeconds: 2 })
  expect([lost > 0, reused > 0]).toEqual([true, true])
})

test('whichever bundle signs in or out, all know it at once', { timeout }, async () => {
  const { tabs } = await openTabs(1, [...ours, ...theirs])
  const users = await tabs[0]!.evaluate(async () => {
    const everywhere = (): Promise<string[]> =>
      Promise.all(
        window.bundles.map(async (bundle) => {
          const { user, error } = await bundle.call()
          return user ? 'somebody' : error!
        }),
      )
    const seen: string[][] = []
    for (const bundle of window.bundles) {
      await bundle.signIn('alice', 'Secret-1')
      seen.push(await everywhere())
      await bundle.signOut()
      seen.push(await everywhere())
    }
    return seen
  })
  expect(users).toEqual(
    Array.from({ length: 8 }, (_, step) => Array(4).fill(step % 2 ? 'signed-out' : 'somebody')),
  )
})

test('a bundle with other settings is told so, field by field, once', { timeout }, async () => {
  const other = '/micro.js?bufferMs=1000&retryMaxMs=9000'
  const { tabs, said } = await openTabs(1, [...ours, other, `${other}&bundle=2`, ...theirs])
  expect(await policies(tabs[0]!)).toBe(1)
  const rest =
    'in the policy that the page already has. The latter is used; give every bundle the same settings, and the same version of @unexpired/core.'
  expect(said.toSorted()).toEqual([
    `sharePolicy("main"): bufferMs is 1000 here, but 300000 ${rest}`,
    `sharePolicy("main"): later is 5 here, but undefined ${rest}`,
    `sharePolicy("main"): retryMaxMs is 9000 here, but 60000 ${rest}`,
  ])
})

test(
  'a bundle of another protocol keeps to itself and says so, and still refreshes in turn',
  { timeout },
  async () => {
    const rounds = 2
    const { tabs, said } = await openTabs(1, [...ours, '/incompatible/micro.js'])
    expect(await policies(tabs[0]!)).toBe(2)
    expect(said).toEqual([
      `sharePolicy("main"): this bundle speaks protocol 2, the page's policy protocol 1. They do not share tokens; bring both bundles to one major version of @unexpired/core.`,
    ])
    expect(await playRounds(scene.pool, tabs, { rounds })).toMatchObject({
      refreshes: rounds,
      lost: 0,
      failures: {},
    })
  },
)

test('after dispose the name is free for all bundles', { timeout }, async () => {
  const { tabs } = await openTabs(1, [...ours, ...theirs])
  expect(
    await tabs[0]!.evaluate(() => {
      const [first, ...others] = window.bundles
      first!.policy.dispose()
      const shared = others.map((bundle) => bundle.share())
      return [shared[0] === first!.policy, new Set(shared).size]
    }),
  ).toEqual([false, 1])
})
