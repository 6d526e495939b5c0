import { expect, test } from 'vitest'
import { defaults, queryOf, settingsOf } from './settings.ts'
import type { Settings } from './settings.ts'
import { createWorld } from './world.ts'
import type { Counts } from './world.ts'

const run = async (settings: Partial<Settings>): Promise<Counts> => {
  const world = createWorld({ ...defaults, ...settings })
  await world.finish()
  return world.counts()
}

test('twenty requests at expiry: one refresh with Unexpired, and none fails', async () => {
  const counts = await run({})
  expect(counts).toMatchObject({ requests: 21, answered: 21, refreshes: 1, spentTwice: 0 })
})

test.each(['widespread', 'refusal-only'] as const)(
  'twenty requests at expiry: many refreshes with %s, and the session is lost',
  async (pattern) => {
    const counts = await run({ pattern })
    expect(counts.refreshes).toBeGreaterThanOrEqual(20)
    expect(counts.failed).toBeGreaterThan(10)
    expect(counts.signedIn).toBe(false)
  },
)

test('four tabs share one refresh', async () => {
  expect(await run({ tabs: 4 })).toMatchObject({ refreshes: 1, failed: 0, answered: 24 })
})

test('short tokens and steady traffic: a refresh on every request, against one for each token', async () => {
  const short = { lifetime: 300_000, traffic: 'steady', burst: 1 } as const
  expect((await run({ ...short, pattern: 'widespread' })).refreshes).toBeGreaterThan(15)
  expect((await run(short)).refreshes).toBeLessThanOrEqual(2)
})

test('a provider that never answers: typed errors here, and requests that hang there', async () => {
  expect((await run({ failure: 'no-answer' })).open).toBe(0)
  expect((await run({ failure: 'no-answer', pattern: 'widespread' })).open).toBe(1)
})

test('steps reach the end', async () => {
  const world = createWorld(defaults)
  let steps = 0
  while (!world.isOver()) {
    await world.step()
    steps += 1
  }
  expect(steps).toBeGreaterThan(3)
  expect(world.counts()).toMatchObject({ answered: 21, open: 0 })
})

test('more requests can be sent at any time', async () => {
  const world = createWorld(defaults)
  await world.finish()
  world.send(5)
  await world.finish()
  expect(world.counts()).toMatchObject({ requests: 26, answered: 26, refreshes: 1 })
})

test('settings go into the address and come back; nonsense is the default', () => {
  const settings: Settings = { ...defaults, pattern: 'widespread', lifetime: 60_000, tabs: 4 }
  expect(settingsOf(queryOf(settings))).toEqual(settings)
  expect(queryOf(defaults)).toBe('')
  expect(settingsOf('?tabs=1000&pattern=x&lifetime=-1')).toEqual(defaults)
})
