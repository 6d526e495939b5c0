import { describe, expect, test } from 'vitest'
import { after } from './provider.ts'
import { refuse, send, sentToken } from './request.ts'
import { scene, second } from './scene.ts'
import { watch } from './watch.ts'

describe('rule 2: refresh-if-still', () => {
  test('a refusal of the current token refreshes it, and the request is replayed with the new one', async () => {
    const own = scene()
    const next = own.mint()
    own.provider = async () => next
    const replay = refuse(own.policy, send(own.policy))
    await own.clock.advance(0)
    expect(sentToken(replay.value)).toBe(next.value)
    expect(own.calls).toMatchObject([{ reason: 'refused', previous: { value: 'secret-access-1' } }])
  })

  test('twenty refused requests share one refresh', async () => {
    const own = scene()
    own.provider = () => after(own.clock, 50, () => own.mint())
    const headers = Array.from({ length: 20 }, () => send(own.policy))
    const replays = headers.map((header) => refuse(own.policy, header))
    await own.clock.advance(50)
    expect(new Set(replays.map(({ value }) => sentToken(value)))).toEqual(
      new Set(['secret-access-2']),
    )
    expect(own.calls).toHaveLength(1)
  })

  test('a late refusal of a token that was replaced meanwhile is replayed without a refresh', async () => {
    const own = scene()
    const late = send(own.policy)
    await own.policy.refresh()
    const replay = refuse(own.policy, late)
    await own.clock.advance(0)
    expect(sentToken(replay.value)).toBe('secret-access-2')
    expect(own.calls).toHaveLength(1)
  })

  test('a refusal after another tab has renewed the token is replayed with what the store shows', async () => {
    const own = scene()
    const header = send(own.policy)
    await own.clock.advance(second)
    own.stored = own.mint()
    const replay = refuse(own.policy, header)
    await own.clock.advance(0)
    expect(sentToken(replay.value)).toBe('secret-access-2')
    expect(own.calls).toEqual([])
  })

  test('a refusal of a request that left without a token is replayed once somebody has signed in', async () => {
    const own = scene({ stored: null })
    expect(await own.policy.authorize({ url: 'https://api.example.com/public' })).toBeUndefined()
    own.stored = own.mint()
    const replay = refuse(own.policy, undefined)
    await own.clock.advance(0)
    expect(sentToken(replay.value)).toBe('secret-access-1')
    expect(own.calls).toEqual([])
  })

  test('a manual refresh without a token replaces whatever is current', async () => {
    const own = scene()
    expect(await own.policy.refresh()).toMatchObject({ value: 'secret-access-2' })
    expect(await own.policy.refresh()).toMatchObject({ value: 'secret-access-3' })
  })

  test('a manual refresh for a token that is no longer current asks nobody', async () => {
    const own = scene()
    const before = await own.policy.token()
    const current = await own.policy.refresh({ ifToken: before })
    expect(await own.policy.refresh({ ifToken: before })).toBe(current)
    expect(own.calls).toHaveLength(1)
  })

  test('a token that comes in hand between the asking and the taking off is used', async () => {
    const own = scene({ subscribes: true })
    send(own.policy)
    await own.clock.advance(second)
    const waiting = watch(own.policy.refresh())
    own.change(own.mint())
    await own.clock.advance(0)
    expect(waiting.value?.value).toBe('secret-access-2')
    expect(own.calls).toEqual([])
  })

  test('a manual refresh for the current token refreshes it', async () => {
    const own = scene()
    const ifToken = await own.policy.token()
    expect(await own.policy.refresh({ ifToken })).toMatchObject({ value: 'secret-access-2' })
  })

  test('a manual refresh for another token than the current one refreshes when that has ended', async () => {
    const own = scene({ stored: { lifetimeMs: -second } })
    const ifToken = own.mint()
    expect(await own.policy.refresh({ ifToken })).toMatchObject({ value: 'secret-access-3' })
    expect(own.calls).toHaveLength(1)
  })

  test('the token that a source stores by itself is one token: its refusal is not answered with it', async () => {
    const own = scene({ source: { store: undefined } })
    own.provider = async () => {
      own.stored = own.mint()
      const kept = own.stored
      await after(own.clock, second, () => {})
      return kept
    }
    void own.policy.refresh()
    await own.clock.advance(0)
    const header = send(own.policy)
    expect(sentToken(header)).toBe('secret-access-2')
    await own.clock.advance(second)
    const replay = refuse(own.policy, header)
    await own.clock.advance(second)
    expect(sentToken(replay.value)).toBe('secret-access-3')
  })

  test('a refusal of the token that is just being stored is not answered with that same token', async () => {
    const own = scene({ source: { store: () => after(own.clock, second, () => {}) } })
    const refreshed = watch(own.policy.refresh())
    await own.clock.advance(0)
    const header = send(own.policy)
    expect(sentToken(header)).toBe('secret-access-2')
    const replay = refuse(own.policy, header)
    const ifToken = own.mint({ value: 'secret-access-2' })
    const manual = watch(own.policy.refresh({ ifToken }))
    await own.clock.advance(3 * second)
    expect(refreshed.value?.value).toBe('secret-access-2')
    expect(sentToken(replay.value)).toBe('secret-access-4')
    expect(manual.value?.value).toBe('secret-access-4')
    expect(own.calls).toHaveLength(2)
  })
})
