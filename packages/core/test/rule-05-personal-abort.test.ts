import { describe, expect, test } from 'vitest'
import { after, never } from './provider.ts'
import { refuse } from './request.ts'
import { minute, scene, second, url, type Scene } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch, type Watched } from './watch.ts'

expectNothingUnhandled()

/** Everything that takes a signal. */
const ways: [string, (own: Scene, signal: AbortSignal) => Watched<unknown>][] = [
  ['token', ({ policy }, signal) => watch(policy.token({ signal }))],
  ['authorize', ({ policy }, signal) => watch(policy.authorize({ url, signal }))],
  ['refresh', ({ policy }, signal) => watch(policy.refresh({ signal }))],
  ['recover', ({ policy }, signal) => refuse(policy, undefined, { signal })],
]

describe.each(ways)('rule 5: an abort is personal, in %s', (_, ask) => {
  test('it ends this wait at once, with the reason of the signal', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    own.provider = never
    const controller = new AbortController()
    const waiting = ask(own, controller.signal)
    await own.clock.advance(second)
    const reason = { why: 'the user left the page' }
    controller.abort(reason)
    await own.clock.advance(0)
    expect(waiting.error).toBe(reason)
  })

  test('it ends the wait for the store as well', async () => {
    const own = scene({ source: { read: never } })
    const controller = new AbortController()
    const waiting = ask(own, controller.signal)
    await own.clock.advance(second)
    controller.abort()
    await own.clock.advance(0)
    expect(waiting.error).toBe(controller.signal.reason)
  })

  test('it ends nobody else, and not the refresh, even when it is that of who started it', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    own.provider = () => after(own.clock, 2 * second, () => own.mint())
    const controller = new AbortController()
    const first = ask(own, controller.signal)
    await own.clock.advance(0)
    const others = ways.map(([, askAlso]) => askAlso(own, new AbortController().signal))
    await own.clock.advance(second)
    controller.abort()
    await own.clock.advance(0)
    expect(first.state).toBe('rejected')
    expect(own.calls[0]?.signal.aborted).toBe(false)
    await own.clock.advance(second)
    expect(others.map(({ state }) => state)).toEqual(Array(4).fill('fulfilled'))
    expect(own.refreshes()).toMatchObject([{ outcome: 'refreshed', waiters: 4 }])
  })

  test('who has left before asking starts nothing', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    const waiting = ask(own, AbortSignal.abort('gone'))
    await own.clock.advance(minute)
    expect([waiting.error, own.calls.length]).toEqual(['gone', 0])
  })

  test('it leaves no listener behind on a signal that is used for many requests', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    const { signal } = new AbortController()
    let listening = 0
    const { addEventListener, removeEventListener } = signal
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listening += 1
      addEventListener.apply(signal, args)
    }
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listening -= 1
      removeEventListener.apply(signal, args)
    }
    const waiting = ask(own, signal)
    await own.clock.advance(second)
    expect([waiting.state, listening]).toEqual(['fulfilled', 0])
  })
})

describe('rule 5: an abort is personal', () => {
  test('when all have left, the refresh is finished and its token kept, for the next who asks', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    own.provider = () => after(own.clock, second, () => own.mint())
    const controller = new AbortController()
    const waiting = watch(own.policy.token({ signal: controller.signal }))
    await own.clock.advance(10)
    controller.abort()
    await own.clock.advance(second)
    expect(waiting.state).toBe('rejected')
    expect(own.stored?.value).toBe('secret-access-2')
    expect(own.refreshes()).toMatchObject([{ outcome: 'refreshed', waiters: 0 }])
    await own.policy.token()
    expect(own.calls).toHaveLength(1)
  })

  test('when all have left, a failed refresh is not tried again on nobody’s behalf', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    own.provider = () => after(own.clock, second, () => Promise.reject(new Error('down')))
    const controller = new AbortController()
    void watch(own.policy.token({ signal: controller.signal }))
    await own.clock.advance(10)
    controller.abort()
    await own.clock.advance(minute)
    expect(own.calls).toHaveLength(1)
    expect(own.clock.pending).toBe(0)
  })

  test('a fresh token is there at once, also for who has left', () => {
    const own = scene()
    expect(own.policy.token({ signal: AbortSignal.abort() })).toMatchObject({
      value: 'secret-access-1',
    })
  })
})
