import { describe, expect, test } from 'vitest'
import { TokenError } from './errors.ts'
import { after, never } from '../test/provider.ts'
import { send } from '../test/request.ts'
import { hour, minute, scene, second, url, type TestToken } from '../test/scene.ts'
import { expectNothingUnhandled } from '../test/unhandled.ts'
import { watch } from '../test/watch.ts'

expectNothingUnhandled()

const down = (): Promise<TestToken> => Promise.reject(new TokenError('server-error', 'Down. Wait.'))

describe('snapshot', () => {
  test('is the same object until something changes', async () => {
    const own = scene()
    const seen = new Set([own.policy.snapshot(), own.policy.snapshot()])
    expect(seen.size).toBe(1)
    send(own.policy)
    const fresh = own.policy.snapshot()
    await own.clock.advance(minute)
    send(own.policy)
    expect(own.policy.snapshot()).toBe(fresh)
    expect(Object.isFrozen(fresh)).toBe(true)
    await own.policy.refresh()
    expect(own.policy.snapshot()).not.toBe(fresh)
  })

  test('whoever looks at each event sees what it tells of', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    const seen: unknown[] = []
    own.policy.subscribe((event) => {
      if (event.type === 'status') seen.push([event.status, own.policy.snapshot().status])
    })
    own.provider = () => after(own.clock, second, () => own.mint())
    void watch(own.policy.token())
    await own.clock.advance(second)
    expect(seen).toEqual([
      ['expired', 'expired'],
      ['refreshing', 'refreshing'],
      ['fresh', 'fresh'],
    ])
  })

  test('who looked in between misses no event', async () => {
    const own = scene({ stored: { lifetimeMs: 10 * minute } })
    own.provider = down
    void own.policy.token()
    await own.clock.advance(11 * minute)
    own.events.length = 0
    expect(own.policy.snapshot().status).toBe('expired')
    own.policy.recheck({ hidden: true })
    await own.clock.advance(0)
    expect(own.events).toEqual([{ type: 'status', status: 'expired' }])
  })

  test('asks nobody', () => {
    const own = scene({ subscribes: true })
    own.policy.snapshot()
    expect([own.reads, own.subscriptions]).toEqual([0, 0])
  })

  test.each<[string, (own: ReturnType<typeof scene>) => unknown, object]>([
    ['unknown', () => {}, { expiresAt: undefined, error: undefined, retryAt: undefined }],
    ['fresh', ({ policy }) => policy.token(), { error: undefined, retryAt: undefined }],
    [
      'stale',
      async (own) => {
        own.provider = never
        await own.policy.token()
        await own.clock.advance(56 * minute)
      },
      { error: undefined },
    ],
    [
      'expired',
      async (own) => {
        await own.policy.token()
        await own.clock.advance(hour)
      },
      { error: undefined },
    ],
    [
      'refreshing',
      async (own) => {
        own.provider = never
        await own.policy.token()
        await own.clock.advance(hour)
        void watch(own.policy.token())
      },
      { error: undefined },
    ],
    [
      'offline',
      async (own) => {
        own.provider = () => Promise.reject(new TypeError('Failed to fetch'))
        own.stored = own.mint({ lifetimeMs: -1 })
        void watch(own.policy.token())
        await own.clock.advance(minute)
      },
      { error: { code: 'offline' } },
    ],
    [
      'cooling-down',
      async (own) => {
        own.provider = down
        own.stored = own.mint({ lifetimeMs: -1 })
        void watch(own.policy.token())
        await own.clock.advance(minute)
      },
      { error: { code: 'server-error' } },
    ],
    [
      'misconfigured',
      async (own) => {
        own.provider = () => Promise.reject(new TokenError('wrong-client', 'No such client.'))
        own.stored = own.mint({ lifetimeMs: -1 })
        void watch(own.policy.token())
        await own.clock.advance(0)
      },
      { error: { code: 'wrong-client' } },
    ],
    [
      'signed-out',
      (own) => {
        own.stored = undefined
        return own.policy.authorize({ url })
      },
      { expiresAt: undefined, error: { code: 'signed-out' } },
    ],
  ])('says %s', async (status, prepare, rest) => {
    const own = scene()
    await prepare(own)
    expect(own.policy.snapshot()).toMatchObject({ status, ...rest })
  })

  test('a misconfigured source fails who waits at once, and not after each pause', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    own.provider = () => Promise.reject(new TokenError('wrong-client', 'No such client.'))
    const waiting = watch(own.policy.token())
    await own.clock.advance(0)
    expect(waiting.code).toBe('wrong-client')
    expect(own.calls).toHaveLength(1)
  })

  test('when the token ends is said by this machine’s clock', async () => {
    const own = scene({ stored: { skewMs: minute } })
    send(own.policy)
    expect(own.policy.snapshot().expiresAt).toBe(own.clock.now() + hour - minute)
  })
})
