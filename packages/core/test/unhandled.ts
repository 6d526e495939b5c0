import { afterAll, afterEach, beforeAll, expect } from 'vitest'

/** Makes each test of a file fail that leaves a rejection, or a throw out of a timer, which nobody handles. */
export const expectNothingUnhandled = (): void => {
  const seen: unknown[] = []
  const note = (error: unknown): void => void seen.push(error)
  beforeAll(() => {
    process.on('unhandledRejection', note)
    process.on('uncaughtException', note)
  })
  afterAll(() => {
    process.off('unhandledRejection', note)
    process.off('uncaughtException', note)
  })
  afterEach(async () => {
    // Node tells of them after the microtasks of the turn in which they were rejected.
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen.splice(0)).toEqual([])
  })
}
