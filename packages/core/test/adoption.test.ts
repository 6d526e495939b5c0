import { describe, expect, test } from 'vitest'
import { after, never } from './provider.ts'
import { refuse, send, sentToken } from './request.ts'
import { hour, minute, scene, second, url } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch } from './watch.ts'

expectNothingUnhandled()

describe('a store that others change', () => {
  test('what another tab has stored is used at the next request, without a refresh', async () => {
    for (const subscribes of [true, false]) {
      const own = scene({ subscribes, stored: { lifetimeMs: 10 * minute } })
      send(own.policy)
      await own.clock.advance(9.5 * minute)
      own.change(own.mint())
      expect(sentToken(send(own.policy))).toBe('secret-access-2')
      await own.clock.advance(minute)
      expect(own.calls).toEqual([])
      expect(own.policy.snapshot()).toMatchObject({ status: 'fresh' })
    }
  })

  test('a renewal by others is no change of session: nothing in the air is dropped', async () => {
    const own = scene({ subscribes: true })
    const header = send(own.policy)
    own.provider = () => after(own.clock, second, () => own.mint())
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(500)
    own.change(own.mint())
    await own.clock.advance(500)
    expect(waiting.value?.value).toBe('secret-access-2')
    expect(own.events.filter(({ type }) => type === 'session')).toHaveLength(1)
    const replay = refuse(own.policy, header)
    await own.clock.advance(0)
    expect(sentToken(replay.value)).toBe('secret-access-2')
  })

  test('a token of others that has ended as well is refreshed, with what they have left', async () => {
    const own = scene({ stored: { lifetimeMs: -hour } })
    const waiting = watch(own.policy.token())
    const theirs = own.mint({ lifetimeMs: -minute })
    own.stored = theirs
    await own.clock.advance(0)
    expect(waiting.state).toBe('fulfilled')
    expect(own.calls).toMatchObject([{ previous: { refreshToken: theirs.refreshToken } }])
  })

  test('a change while the store is being read is not missed', async () => {
    const own = scene({
      subscribes: true,
      source: { read: () => ((seen) => after(own.clock, second, () => seen))(own.stored) },
    })
    const waiting = watch(own.policy.authorize({ url }))
    await own.clock.advance(500)
    own.change(own.mint({ identity: 'bob' }))
    await own.clock.advance(5 * second)
    expect(sentToken(waiting.value)).toBe('secret-access-2')
  })

  test('a store that cannot be read when it has changed is asked again by whoever comes next', async () => {
    let isBroken = false
    const own = scene({
      subscribes: true,
      stored: { lifetimeMs: -minute },
      source: {
        read: () => {
          if (isBroken) throw new Error('gone')
          return own.stored
        },
      },
    })
    own.provider = never
    void watch(own.policy.token())
    isBroken = true
    own.change(own.mint())
    await own.clock.advance(0)
    isBroken = false
    expect(sentToken(send(own.policy))).toBe('secret-access-2')
  })

  test('a store that never comes to rest keeps nobody waiting', async () => {
    const own = scene({
      subscribes: true,
      source: {
        read: () =>
          after(own.clock, 10, () => {
            own.change(own.stored)
            return own.stored
          }),
      },
    })
    const waiting = watch(own.policy.authorize({ url }))
    await own.clock.advance(second)
    expect(sentToken(waiting.value)).toBe('secret-access-1')
    own.policy.dispose()
  })

  test('a source that tells of a change while it is read does not start over', () => {
    let tell = (): void => {}
    let reads = 0
    const own = scene({
      source: {
        read: () => {
          if ((reads += 1) > 100) throw new Error('read without end')
          tell()
          return own.stored
        },
        subscribe: (onChange) => ((tell = onChange), () => {}),
      },
    })
    send(own.policy)
    expect(reads).toBe(1)
  })
})

describe('a source that stores by itself', () => {
  test('its refresh is one refresh: one token, one event, stored once', async () => {
    for (const subscribes of [true, false]) {
      const stored: string[] = []
      const own = scene({
        subscribes,
        stored: { lifetimeMs: -minute },
        source: { store: (token) => void stored.push(token.value) },
      })
      own.provider = async () => {
        const token = own.mint()
        own.change(token)
        return after(own.clock, second, () => token)
      }
      const waiting = watch(own.policy.token())
      await own.clock.advance(second)
      expect(waiting.value?.value).toBe('secret-access-2')
      expect(own.refreshes()).toMatchObject([{ outcome: 'refreshed' }])
      expect(stored).toEqual(['secret-access-2'])
      expect(own.calls).toHaveLength(1)
    }
  })

  test('the skew of what it stored is learned all the same', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    own.provider = async () => {
      own.stored = own.mint({
        issuedAt: own.clock.now() + hour,
        expiresAt: own.clock.now() + 2 * hour,
      })
      return own.stored
    }
    await own.policy.token()
    expect(own.policy.snapshot().expiresAt).toBeLessThanOrEqual(own.clock.now() + hour)
  })
})

describe('a source without store', () => {
  test('its refreshed token is kept in memory, though it goes on reading the first', async () => {
    const own = scene({ source: { store: undefined }, stored: { lifetimeMs: 10 * minute } })
    send(own.policy)
    await own.clock.advance(10 * minute)
    await own.policy.token()
    for (let i = 0; i < 20; i++) {
      expect(sentToken(send(own.policy))).toBe('secret-access-2')
      await own.clock.advance(2 * minute)
    }
    expect(own.calls).toHaveLength(1)
    expect(own.calls[0]?.previous?.value).toBe('secret-access-1')
  })

  test('the next refresh is told of the refreshed token, not of the first', async () => {
    const own = scene({ source: { store: undefined } })
    await own.policy.refresh()
    await own.clock.advance(minute)
    await own.policy.refresh()
    expect(own.calls.map(({ previous }) => previous?.refreshToken)).toEqual([
      'secret-refresh-1',
      'secret-refresh-2',
    ])
  })

  test('a sign-out is noticed by its read', async () => {
    const own = scene({ source: { store: undefined } })
    await own.policy.refresh()
    own.stored = undefined
    expect(own.policy.authorize({ url })).toBeUndefined()
  })
})

describe('opaque tokens, of which no issue time and no user is known', () => {
  const opaque = { issuedAt: undefined, identity: undefined }

  test('they are refreshed and used like others, with a buffer by the time of receipt', async () => {
    const own = scene({ stored: { ...opaque, lifetimeMs: -minute } })
    own.provider = async () => own.mint({ ...opaque, lifetimeMs: 5 * minute })
    await own.policy.token()
    expect(own.policy.snapshot().status).toBe('fresh')
    await own.clock.advance(3.5 * minute)
    expect(own.policy.snapshot().status).toBe('fresh')
    await own.clock.advance(minute)
    expect(own.policy.snapshot().status).toBe('stale')
  })

  test('a change of user that nobody can see is a renewal, and a sign-out in between is seen', () => {
    const own = scene({ stored: opaque })
    send(own.policy)
    own.stored = own.mint({ ...opaque, lifetimeMs: 2 * hour })
    expect(sentToken(send(own.policy))).toBe('secret-access-2')
    expect(own.events.filter(({ type }) => type === 'session')).toHaveLength(1)
    own.stored = undefined
    void own.policy.authorize({ url })
    own.stored = own.mint({ ...opaque, lifetimeMs: minute })
    expect(sentToken(send(own.policy))).toBe('secret-access-3')
  })

  test('a user that becomes known later is no change of user', () => {
    const own = scene({ stored: opaque })
    send(own.policy)
    own.stored = own.mint({ identity: 'alice', lifetimeMs: 2 * hour })
    expect(sentToken(send(own.policy))).toBe('secret-access-2')
    expect(own.events.filter(({ type }) => type === 'session')).toHaveLength(1)
  })
})
