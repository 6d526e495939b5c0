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
    await own.clock.advance(hour)
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
