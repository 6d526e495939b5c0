import { afterEach, describe, expect, test, vi } from 'vitest'
import { platform } from './runtime.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('the platform', () => {
  test('is looked up when it is used, so that test tools can replace it', () => {
    vi.useFakeTimers({ now: 42 })
    let isRung = false
    platform.setTimeout(() => (isRung = true), 10)
    const stopped = platform.setTimeout(() => expect.unreachable(), 10)
    platform.clearTimeout(stopped)
    expect(platform.now()).toBe(42)
    const before = platform.monotonic()
    vi.advanceTimersByTime(10)
    expect(isRung).toBe(true)
    expect(platform.monotonic() - before).toBe(10)
  })

  test('draws numbers in [0, 1)', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.25)
    expect(platform.random()).toBe(0.25)
  })

  test('ignores the handle of no timer', () => {
    expect(() => platform.clearTimeout(undefined)).not.toThrow()
  })

  test('resolves relative addresses against the page, where there is one', () => {
    expect(platform.baseUrl()).toBeUndefined()
    vi.stubGlobal('location', { href: 'https://app.example/x' })
    expect(platform.baseUrl()).toBe('https://app.example/x')
  })
})
