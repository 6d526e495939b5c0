import { describe, expect, test } from 'vitest'
import { TokenError } from '../src/index.ts'
import { never } from './provider.ts'
import { send } from './request.ts'
import { hour, minute, scene, second, url, type TestToken } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'

expectNothingUnhandled()

const down = (): Promise<TestToken> => Promise.reject(new TokenError('server-error', 'Down. Wait.'))

describe('keepFresh', () => {
  test('without it an idle app refreshes nothing, and coming back costs one refresh', async () => {
    const own = scene()
    send(own.policy)
    await own.clock.advance(100 * hour)
    expect([own.calls.length, own.clock.pending]).toEqual([0, 0])
    await own.policy.token()
    expect(own.calls).toHaveLength(1)
  })

  test('with it the token is refreshed as soon as it is stale, again and again', async () => {
    const own = scene({ options: { keepFresh: true } })
    send(own.policy)
    for (let i = 0; i < 24 * 60; i++) {
      await own.clock.advance(minute)
      expect(own.policy.snapshot().status).toBe('fresh')
    }
    expect(own.calls.length).toBeGreaterThan(25)
    expect(own.calls.length).toBeLessThan(28)
    expect(new Set(own.calls.map(({ reason }) => reason))).toEqual(new Set(['timer']))
  })

  test('a token that lives longer than a timer can wait is refreshed when it is stale, not at once', async () => {
    const lifetimeMs = 100 * 24 * hour
    const own = scene({ stored: { lifetimeMs }, options: { keepFresh: true } })
    send(own.policy)
    await own.clock.advance(lifetimeMs - 7 * minute)
    expect(own.calls).toEqual([])
    await own.clock.advance(2 * minute)
    expect(own.calls).toHaveLength(1)
  })

  test('a hidden page refreshes nothing by timer, and at once when it is shown again', async () => {
    const own = scene({ options: { keepFresh: true } })
    send(own.policy)
    own.policy.recheck({ hidden: true })
    expect(own.clock.pending).toBe(0)
    await own.clock.advance(2 * hour)
    expect(own.calls).toEqual([])
    own.policy.recheck({ hidden: true, online: true })
    await own.clock.advance(0)
    expect(own.calls).toEqual([])
    own.policy.recheck({ hidden: false })
    await own.clock.advance(0)
    expect(own.calls).toMatchObject([{ reason: 'recheck' }])
    await own.clock.advance(hour)
    expect(own.calls).toHaveLength(2)
  })

  test('a page that is hidden from the start, before it is asked for anything, has no timer', async () => {
    const own = scene({ options: { keepFresh: true } })
    own.policy.recheck({ hidden: true })
    send(own.policy)
    await own.clock.advance(2 * hour)
    expect([own.calls.length, own.clock.pending]).toEqual([0, 0])
  })

  test('a page that is hidden while its store cannot be read has no timer either', async () => {
    let read = (): TestToken | undefined | Promise<never> => own.stored
    const own = scene({ source: { read: () => read() }, options: { keepFresh: true } })
    for (const broken of [never, () => Promise.reject(new Error('gone'))]) {
      read = () => own.stored
      own.policy.recheck({ hidden: false })
      send(own.policy)
      await own.clock.advance(0)
      read = broken
      own.policy.recheck({ hidden: true })
      await own.clock.advance(0)
      expect(own.clock.pending).toBe(0)
    }
  })

  test('nobody is signed in: there is no timer', () => {
    const own = scene({ stored: null, options: { keepFresh: true } })
    void own.policy.authorize({ url })
    expect(own.clock.pending).toBe(0)
  })

  test('goes on after failures, with the pauses that they cost', async () => {
    const own = scene({ options: { keepFresh: true } })
    send(own.policy)
    own.provider = down
    await own.clock.advance(hour)
    expect(own.calls.length).toBeGreaterThan(4)
    expect(own.calls.length).toBeLessThan(20)
    own.provider = async () => own.mint()
    await own.clock.advance(minute)
    expect(own.policy.snapshot().status).toBe('fresh')
  })

  test('goes on when the timer runs a little early, as Node’s do', async () => {
    const own = scene({ options: { keepFresh: true } })
    const { setTimeout } = own.clock
    own.clock.setTimeout = (callback, ms) => setTimeout(callback, Math.max(1, Math.trunc(ms)))
    send(own.policy)
    own.provider = down
    await own.clock.advance(2 * hour)
    own.provider = async () => own.mint()
    await own.clock.advance(3 * minute)
    expect(own.policy.snapshot().status).toBe('fresh')
  })

  // Found by the simulator: what was kept after the deadline was told to nobody, and refreshed again.
  test('a token that was still being kept at the deadline is not asked for again', async () => {
    let readMs = 0
    const own = scene({
      options: { keepFresh: true },
      source: {
        read: () =>
          new Promise((resolve) => void own.clock.setTimeout(() => resolve(own.stored), readMs)),
      },
      subscribes: true,
    })
    void own.policy.token()
    await own.clock.advance(0)
    own.provider = async () => {
      readMs = 600
      await new Promise<void>((resolve) => void own.clock.setTimeout(resolve, 9.5 * second))
      return own.mint()
    }
    await own.clock.advance(56 * minute)
    expect(own.refreshes()).toMatchObject([{ outcome: 'failed', error: { code: 'timeout' } }])
    expect(own.events.at(-1)).toEqual({ type: 'status', status: 'fresh' })
    expect(own.calls).toHaveLength(1)
  })

  test('its timer does not keep a Node process alive', () => {
    let unrefs = 0
    const own = scene({ options: { keepFresh: true } })
    const { setTimeout } = own.clock
    own.clock.setTimeout = (callback, ms) => ({
      handle: setTimeout(callback, ms),
      unref: () => (unrefs += 1),
    })
    send(own.policy)
    expect(unrefs).toBe(1)
  })

  test('a runtime whose timers have no handle will do', async () => {
    const own = scene({ options: { keepFresh: true } })
    const { setTimeout } = own.clock
    own.clock.setTimeout = (callback, ms) => void setTimeout(callback, ms)
    send(own.policy)
    await own.clock.advance(hour)
    expect(own.policy.snapshot().status).toBe('fresh')
  })
})
