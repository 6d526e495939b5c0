import { describe, expect, test } from 'vitest'
import { after } from './provider.ts'
import { send } from './request.ts'
import { hour, minute, scene, second } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'

expectNothingUnhandled()

describe('recheck', () => {
  test('does nothing before the policy was asked', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    own.policy.recheck({ online: true })
    await own.clock.advance(minute)
    expect([own.reads, own.calls.length, own.events.length]).toEqual([0, 0, 0])
  })

  test('refreshes what is stale or has ended, once, however many signals come together', async () => {
    for (const lifetimeMs of [10 * minute, 9 * minute]) {
      const own = scene({ stored: { lifetimeMs } })
      own.provider = () => after(own.clock, second, () => own.mint())
      send(own.policy)
      await own.clock.advance(9 * minute)
      for (let i = 0; i < 5; i++) own.policy.recheck({ online: true })
      await own.clock.advance(second)
      expect(own.calls).toMatchObject([{ reason: 'recheck' }])
    }
  })

  test('leaves a fresh token alone', async () => {
    const own = scene()
    send(own.policy)
    own.policy.recheck({ online: true })
    await own.clock.advance(minute)
    expect(own.calls).toEqual([])
  })

  test('notices what the store shows, and tells', async () => {
    const own = scene()
    send(own.policy)
    own.stored = undefined
    own.policy.recheck()
    await own.clock.advance(0)
    expect(own.events.at(-1)).toMatchObject({ type: 'status', status: 'signed-out' })
    expect(own.calls).toEqual([])
  })

  test('tells that time has passed', async () => {
    const own = scene()
    send(own.policy)
    await own.clock.advance(2 * hour)
    own.policy.recheck({ hidden: true })
    await own.clock.advance(0)
    expect(own.events.at(-1)).toMatchObject({ type: 'status', status: 'expired' })
  })

  test('a store that cannot be read is no fault of it', async () => {
    let isBroken = false
    const own = scene({
      source: { read: () => (isBroken ? Promise.reject(new Error('x')) : own.stored) },
    })
    send(own.policy)
    isBroken = true
    await own.clock.advance(2 * hour)
    own.policy.recheck({ online: true })
    await own.clock.advance(minute)
    expect(own.calls).toEqual([])
  })
})
