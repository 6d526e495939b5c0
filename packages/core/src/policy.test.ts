import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { TokenError } from './errors.ts'
import type { PolicyEvent } from './snapshot.ts'
import { after, never } from '../test/provider.ts'
import { refuse, send, sentToken } from '../test/request.ts'
import { hour, minute, scene, second, url, type TestToken } from '../test/scene.ts'
import { expectNothingUnhandled } from '../test/unhandled.ts'
import { watch } from '../test/watch.ts'

expectNothingUnhandled()

const down = (): Promise<TestToken> => Promise.reject(new TokenError('server-error', 'Down. Wait.'))

describe('token', () => {
  test('is there at once while fresh and while stale, and a promise when it must be waited for', async () => {
    const own = scene({ stored: { lifetimeMs: 10 * minute } })
    own.provider = never
    const token = own.policy.token()
    expect(token).toMatchObject({ value: 'secret-access-1', identity: 'alice' })
    await own.clock.advance(9 * minute)
    expect(own.policy.token()).toBe(token)
    await own.clock.advance(minute)
    expect(own.policy.token()).toBeInstanceOf(Promise)
  })

  test('cannot be changed by who is given it', async () => {
    const own = scene()
    expect(Object.isFrozen(await own.policy.token())).toBe(true)
    expect(sentToken(send(own.policy))).toBe('secret-access-1')
  })

  test('a source that tells of changes is read once, one that does not is read for each request', () => {
    for (const subscribes of [true, false]) {
      const own = scene({ subscribes })
      for (let i = 0; i < 10; i++) void own.policy.token()
      expect(own.reads).toBe(subscribes ? 1 : 10)
    }
  })

  test('many who ask while the store is first read share that read', async () => {
    let reads = 0
    const own = scene({
      subscribes: true,
      source: { read: () => ((reads += 1), after(own.clock, second, () => own.stored)) },
    })
    const waiting = Array.from({ length: 10 }, () => watch(own.policy.token()))
    await own.clock.advance(second)
    expect(new Set(waiting.map(({ value }) => value?.value))).toEqual(new Set(['secret-access-1']))
    expect(reads).toBe(1)
  })

  test('a promise of another realm will do, as of an iframe', async () => {
    const theirs = runInNewContext('Promise') as PromiseConstructor
    const own = scene({ source: { read: () => theirs.resolve(own.stored) } })
    expect(await own.policy.token()).toMatchObject({ value: 'secret-access-1' })
  })
})

describe('subscribe', () => {
  test('there is one refresh event for each call of refresh, whatever becomes of it', async () => {
    const own = scene({ stored: { lifetimeMs: -minute }, options: { keepFresh: true } })
    const ways: (typeof own.provider)[] = [
      down,
      never,
      async () => own.mint({ lifetimeMs: 20 * minute }),
      async ({ previous }) => previous as TestToken,
      () => after(own.clock, 11 * second, () => own.mint({ lifetimeMs: 20 * minute })),
      () => {
        throw new Error('at once')
      },
      async () => ((own.stored = own.mint({ lifetimeMs: 20 * minute })), own.mint()),
    ]
    let call = 0
    own.provider = (context) => (ways[call++ % ways.length] ?? never)(context)
    void watch(own.policy.token())
    await own.clock.advance(10 * hour)
    expect(own.calls.length).toBeGreaterThan(30)
    expect(own.refreshes()).toHaveLength(own.calls.length)
    const outcomes = new Set(own.refreshes().map(({ outcome }) => outcome))
    expect(outcomes).toEqual(new Set(['refreshed', 'failed', 'dropped']))
  })

  test('it says what triggered the refresh, how long it took, how many waited and how it ended', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    own.provider = () => after(own.clock, 300, down)
    void watch(own.policy.token())
    void watch(own.policy.token())
    await own.clock.advance(300)
    const [event] = own.refreshes()
    expect(event).toMatchObject({
      type: 'refresh',
      reason: 'expired',
      outcome: 'failed',
      tookMs: 300,
      waiters: 2,
      error: { code: 'server-error' },
    })
    expect(event?.retryAt).toBe(event?.error?.retryAt)
    expect(event?.retryAt).toBeGreaterThan(own.clock.now())
  })

  test('a story: signed in, refreshed, signed out', async () => {
    const own = scene({ subscribes: true })
    send(own.policy)
    await own.clock.advance(minute)
    await own.policy.refresh()
    own.change(undefined)
    own.change(own.mint({ identity: 'bob' }))
    expect(
      own.events.map((event) => ('status' in event ? `${event.type} ${event.status}` : event.type)),
    ).toEqual([
      'session signed-in',
      'status fresh',
      'refresh',
      'status fresh',
      'session signed-out',
      'status signed-out',
      'session signed-in',
      'status fresh',
    ])
    expect(own.events[4]).toMatchObject({ error: { code: 'signed-out' } })
    expect(own.events[6]).toMatchObject({ error: undefined })
  })

  test('a listener that has left hears nothing more; one that came twice, leaves once', () => {
    const own = scene()
    const heard: PolicyEvent[] = []
    const listener = (event: PolicyEvent): void => void heard.push(event)
    const leave = own.policy.subscribe(listener)
    const leaveToo = own.policy.subscribe(listener)
    leave()
    leave()
    send(own.policy)
    expect(heard).toEqual(own.events)
    leaveToo()
    own.stored = undefined
    void own.policy.authorize({ url })
    expect(heard.length).toBeLessThan(own.events.length)
  })
})

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
})

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

describe('refresh', () => {
  test('nobody is signed in: it says so, and asks nobody', async () => {
    const own = scene({ stored: null })
    await expect(own.policy.refresh()).rejects.toMatchObject({ code: 'signed-out' })
    expect(own.calls).toEqual([])
  })

  test('a refresh by hand is due even while the token is fresh', async () => {
    const own = scene()
    const replay = refuse(own.policy, send(own.policy))
    await own.clock.advance(0)
    expect(replay.value).toBeDefined()
    await own.policy.refresh()
    expect(own.calls.map(({ reason }) => reason)).toEqual(['refused', 'manual'])
  })
})
