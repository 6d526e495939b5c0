import { expect, test, vi } from 'vitest'
import { watchingRejections } from './unhandled.ts'

test('without a process nothing is heard, and the run goes its way', async () => {
  vi.stubGlobal('process', undefined)
  try {
    expect(
      await watchingRejections(
        async () => 7,
        () => expect.unreachable(),
      ),
    ).toBe(7)
  } finally {
    vi.unstubAllGlobals()
  }
})

test('the listener is there while the run takes, also where it fails', async () => {
  const before = process.listenerCount('unhandledRejection')
  const run = async () => {
    expect(process.listenerCount('unhandledRejection')).toBe(before + 1)
    throw new Error('no')
  }
  await expect(watchingRejections(run, () => {})).rejects.toThrow('no')
  expect(process.listenerCount('unhandledRejection')).toBe(before)
})
