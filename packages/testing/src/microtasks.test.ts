import { afterEach, expect, test, vi } from 'vitest'
import { microtaskDrain } from './microtasks.ts'

afterEach(() => vi.unstubAllGlobals())

const runs = async (drain: () => Promise<void>): Promise<boolean> => {
  let done = false
  void (async () => {
    for (let i = 0; i < 500; i++) await Promise.resolve()
    done = true
  })()
  await drain()
  return done
}

test('lets long chains of promises run', async () => {
  expect(await runs(microtaskDrain())).toBe(true)
})

test('does so without setImmediate, as in browsers', async () => {
  vi.stubGlobal('setImmediate', undefined)
  expect(await runs(microtaskDrain())).toBe(true)
})

test('goes on when a test tool takes over the timers afterwards', async () => {
  const drain = microtaskDrain()
  vi.stubGlobal('setImmediate', () => {})
  expect(await runs(drain)).toBe(true)
})
