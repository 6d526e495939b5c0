import { describe, expect, test } from 'vitest'
import { virtualClock, type VirtualClock } from '@unexpired/testing'
import { createCooldown, type Cooldown } from './cooldown.ts'
import { TokenError } from './errors.ts'

const failure = (retryAt?: number): TokenError => new TokenError('server-error', 'x', { retryAt })

const make = (): { clock: VirtualClock; cooldown: Cooldown } => {
  const clock = virtualClock()
  return {
    clock,
    cooldown: createCooldown({ runtime: clock, retryBaseMs: 1_000, retryMaxMs: 60_000 }),
  }
}

describe('createCooldown', () => {
  test('there is no pause before a failure', () => {
    expect(make().cooldown.leftMs()).toBe(0)
  })

  test('a failure pauses, and the pause runs out', async () => {
    const { clock, cooldown } = make()
    cooldown.failed(failure())
    const ms = cooldown.leftMs()
    expect(ms).toBeGreaterThanOrEqual(250)
    expect(ms).toBeLessThanOrEqual(1_000)
    await clock.advance(ms / 2)
    expect(cooldown.leftMs()).toBeCloseTo(ms / 2, 3)
    await clock.advance(ms / 2)
    expect(cooldown.leftMs()).toBe(0)
  })

  test('the provider may ask for more, but not for less', () => {
    const { clock, cooldown } = make()
    cooldown.failed(failure(clock.now() + 30_000))
    expect(cooldown.leftMs()).toBe(30_000)
    cooldown.failed(failure(clock.now() + 1))
    expect(cooldown.leftMs()).toBe(30_000)
  })

  test('what is no moment is no pause', () => {
    const { clock, cooldown } = make()
    for (const retryAt of [NaN, -Infinity, 0, clock.now(), clock.now() - 1])
      cooldown.extend(retryAt)
    expect(cooldown.leftMs()).toBe(0)
  })

  test('whoever sleeps wakes when it is over, when it ends early, or when they are no longer wanted', async () => {
    const { clock, cooldown } = make()
    const { signal } = new AbortController()
    cooldown.extend(clock.now() + 100)
    let isAwake = false
    void cooldown.over(signal).then(() => (isAwake = true))
    await clock.advance(99)
    expect(isAwake).toBe(false)
    await clock.advance(1)
    expect([isAwake, clock.pending]).toEqual([true, 0])

    cooldown.extend(clock.now() + 100)
    const sleepers = [cooldown.over(signal), cooldown.over(signal)]
    cooldown.end()
    await Promise.all(sleepers)
    expect([cooldown.leftMs(), clock.pending]).toEqual([0, 0])

    cooldown.extend(clock.now() + 100)
    const controller = new AbortController()
    const sleeper = cooldown.over(controller.signal)
    controller.abort()
    await sleeper
    expect(clock.pending).toBe(0)
  })

  test('whoever has woken up is not woken again', async () => {
    const { clock, cooldown } = make()
    let cleared = 0
    const { clearTimeout } = clock
    clock.clearTimeout = (handle) => ((cleared += 1), clearTimeout(handle))
    const controller = new AbortController()
    cooldown.extend(clock.now() + 10)
    void cooldown.over(controller.signal)
    await clock.advance(10)
    const before = cleared
    cooldown.end()
    controller.abort()
    expect(cleared).toBe(before)
  })

  test('after its end the failures are counted anew', async () => {
    const { cooldown } = make()
    for (let i = 0; i < 10; i++) cooldown.failed(failure())
    cooldown.end()
    cooldown.failed(failure())
    expect(cooldown.leftMs()).toBeLessThanOrEqual(1_000)
  })

  test('a wall clock that jumps makes no pause longer', async () => {
    const { clock, cooldown } = make()
    cooldown.extend(clock.now() + 1_000)
    await clock.jump(-3_600_000)
    expect(cooldown.leftMs()).toBe(1_000)
    await clock.jump(7_200_000)
    expect(cooldown.leftMs()).toBe(0)
  })
})
