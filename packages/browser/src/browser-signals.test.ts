import { createPolicy, type Policy } from '@unexpired/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { browserSignals } from './browser-signals.ts'

let policy: Policy
let reads = 0
let steady = 0

/** What a page has and Node has not. */
const asPage = (): { fire(type: string, fields?: object): void; hide(isHidden: boolean): void } => {
  const page = new EventTarget()
  vi.stubGlobal('performance', { now: () => steady })
  const document = Object.assign(new EventTarget(), { hidden: false })
  vi.stubGlobal('document', document)
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  return {
    fire: (type, fields) => void page.dispatchEvent(Object.assign(new Event(type), fields)),
    hide(isHidden) {
      document.hidden = isHidden
      document.dispatchEvent(new Event('visibilitychange'))
    },
  }
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
  policy = createPolicy({
    source: {
      name: 'test',
      read: () => {
        reads += 1
        return { value: 'a', expiresAt: Date.now() + 3_600_000 }
      },
      refresh: () => new Promise<never>(() => {}),
      subscribe: () => () => {},
    },
    origins: ['https://api.example.com'],
  })
  await policy.token()
  reads = 0
})

afterEach(() => {
  policy.dispose()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** The interval ticks, after so long by the wall clock and by the steady one. */
const tick = (wallMs: number, steadyMs = 5_000): void => {
  const now = Date.now()
  steady += steadyMs
  vi.setSystemTime(now + wallMs - 5_000)
  vi.advanceTimersByTime(5_000)
  expect(Date.now()).toBe(now + wallMs)
}

describe('browserSignals', () => {
  test.each([
    ['the machine has slept for 8 h', 8 * 3_600_000],
    ['the clock was set forward by five seconds', 10_000],
    ['the clock was set back by five seconds', 0],
    ['the clock was set back by a day', -86_400_000],
  ])('looks again once when %s', (_, wallMs) => {
    asPage()
    browserSignals(policy)
    reads = 0
    tick(wallMs)
    expect(reads).toBe(1)
    for (let n = 0; n < 10; n++) tick(5_000)
    expect(reads).toBe(1)
  })

  test('looks again once when the steady clock has slept along', () => {
    asPage()
    browserSignals(policy)
    reads = 0
    tick(8 * 3_600_000, 8 * 3_600_000)
    tick(5_000)
    expect(reads).toBe(1)
  })

  test('looks at nothing while both clocks go on, however busy the page is', () => {
    asPage()
    browserSignals(policy)
    reads = 0
    for (const ms of [5_000, 1_000, 59_000]) {
      tick(ms, ms)
      tick(ms + 1_500, ms)
    }
    expect(reads).toBe(0)
  })

  test('has no timer while the page is hidden, and looks when it is shown', () => {
    const page = asPage()
    browserSignals(policy)
    expect(vi.getTimerCount()).toBe(1)
    page.hide(true)
    expect(vi.getTimerCount()).toBe(0)
    reads = 0
    vi.setSystemTime(Date.now() + 8 * 3_600_000)
    page.hide(false)
    expect([reads, vi.getTimerCount()]).toEqual([1, 1])
    // What was missed while it was hidden is no jump.
    tick(5_000)
    expect(reads).toBe(1)
  })

  test('looks when the network is back, and when the page comes out of the cache', () => {
    const page = asPage()
    browserSignals(policy)
    reads = 0
    page.fire('online')
    page.fire('pageshow', { persisted: true })
    expect(reads).toBe(2)
  })

  test.each([
    ['dispose', () => policy.dispose()],
    ['the function that it returned', (stop: () => void) => stop()],
  ])('hears nothing after %s', (_, end) => {
    const page = asPage()
    end(browserSignals(policy))
    reads = 0
    page.fire('online')
    page.fire('pageshow', { persisted: true })
    page.hide(true)
    page.hide(false)
    tick(8 * 3_600_000)
    expect([reads, vi.getTimerCount()]).toEqual([0, 0])
  })

  test('can be ended twice, and by one of several', () => {
    const page = asPage()
    const stop = browserSignals(policy)
    browserSignals(policy)
    stop()
    stop()
    reads = 0
    page.fire('online')
    expect(reads).toBe(1)
  })

  test('works in a worker, which has no document', () => {
    const page = asPage()
    vi.stubGlobal('document', undefined)
    browserSignals(policy)
    reads = 0
    page.fire('online')
    tick(8 * 3_600_000)
    expect(reads).toBe(2)
  })

  test('does nothing on a server', () => {
    browserSignals(policy)()
    expect([reads, vi.getTimerCount()]).toEqual([0, 0])
  })
})
