import { expect, test } from 'vitest'
import { virtualClock } from '../virtual-clock.ts'
import { freezer } from './freezer.ts'

const setUp = () => {
  const clock = virtualClock()
  const ice = freezer(clock)
  const seen: string[] = []
  return { clock, ice, seen, note: (what: string) => () => void seen.push(what) }
}

test('timers that come due in a frozen tab run when it thaws, in their order', async () => {
  const { clock, ice, seen, note } = setUp()
  ice.runtime.setTimeout(note('first'), 10)
  ice.runtime.setTimeout(note('second'), 20)
  ice.freeze(100)
  await clock.advance(99)
  expect(seen).toEqual([])
  await clock.advance(1)
  expect(seen).toEqual(['first', 'second'])
  expect(ice.pending).toBe(0)
})

test('of two freezes the one that ends later counts', async () => {
  const { clock, ice, seen, note } = setUp()
  ice.freeze(50)
  ice.freeze(100)
  ice.runtime.setTimeout(note('ran'), 10)
  await clock.advance(99)
  expect(seen).toEqual([])
  await clock.advance(1)
  expect(seen).toEqual(['ran'])
})

test('a timer that was taken back does not run, frozen or not', async () => {
  const { clock, ice, seen, note } = setUp()
  const timer = ice.runtime.setTimeout(note('never'), 10)
  expect(ice.pending).toBe(1)
  ice.freeze(100)
  await clock.advance(20)
  ice.runtime.clearTimeout(timer)
  ice.runtime.clearTimeout(undefined)
  await clock.advance(100)
  expect(seen).toEqual([])
  expect(ice.pending).toBe(0)
})

test('what a promise brings is heard after the thaw', async () => {
  const { clock, ice, seen, note } = setUp()
  ice.freeze(100)
  void ice.thawed(Promise.resolve()).then(note('value'))
  void ice.thawed(Promise.reject(new Error('no'))).catch(note('error'))
  await clock.advance(50)
  expect(seen).toEqual([])
  await clock.advance(50)
  expect(seen).toEqual(['value', 'error'])
})

test('clocks go on while a tab is frozen', async () => {
  const { clock, ice } = setUp()
  ice.freeze(100)
  await clock.advance(60)
  const { runtime } = ice
  expect([runtime.now(), runtime.monotonic()]).toEqual([clock.now(), 60])
  expect(runtime.random()).toBeLessThan(1)
  expect(runtime.baseUrl()).toBe(undefined)
})
