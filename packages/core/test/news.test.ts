import { describe, expect, test } from 'vitest'
import { TokenError, type News } from '../src/index.ts'
import { after, never } from './provider.ts'
import { send, sentToken } from './request.ts'
import { hour, minute, scene, second, url, type Scene, type SceneOptions } from './scene.ts'
import { tabs } from './tabs.ts'
import { watch } from './watch.ts'

/** A policy that hears what the test says in the name of another tab. */
const hearing = (
  setup: SceneOptions = {},
): { own: Scene; tell: (news: News) => void; said: News[] } => {
  let hear: (news: News) => void = () => {}
  const said: News[] = []
  const own = scene({
    ...setup,
    options: {
      ...setup.options,
      coordinator: {
        exclusive: (_key, job) => job({ stillCurrent: () => true, committed: () => {} }),
        publish: (_key, news) => said.push(news),
        subscribe: (_key, listener) => ((hear = listener), () => {}),
      },
    },
  })
  return { own, tell: (news) => hear(news), said }
}

describe('news from other tabs', () => {
  test('others are listened to from the first time on that the policy is asked, and once', () => {
    let heard = 0
    const own = scene({
      options: { coordinator: { exclusive: never, subscribe: () => (heard++, () => {}) } },
    })
    own.policy.snapshot()
    own.policy.covers(url)
    own.policy.recheck({ online: true })
    expect([heard, own.reads]).toEqual([0, 0])
    send(own.policy)
    send(own.policy)
    expect(heard).toBe(1)
  })

  test('refreshed: the store is read again, also where the source would not have told', async () => {
    const { own, tell } = hearing({ source: { subscribe: () => () => {} } })
    send(own.policy)
    await own.clock.advance(second)
    own.stored = own.mint()
    expect(sentToken(send(own.policy))).toBe('secret-access-1')
    tell({ kind: 'refreshed' })
    expect(sentToken(send(own.policy))).toBe('secret-access-2')
  })

  test('refreshed, with a token that is handed over: it is used at once', async () => {
    const { own, tell } = hearing({ source: { subscribe: () => () => {} } })
    send(own.policy)
    await own.clock.advance(second)
    tell({ kind: 'refreshed', token: own.mint() })
    expect(sentToken(send(own.policy))).toBe('secret-access-2')
  })

  test('refreshed, with an older token than the one in hand: it is not used', async () => {
    const { own, tell } = hearing({ source: { subscribe: () => () => {} } })
    const older = own.mint()
    await own.clock.advance(second)
    await own.policy.refresh()
    tell({ kind: 'refreshed', token: older })
    expect(sentToken(send(own.policy))).toBe('secret-access-3')
  })

  test('refreshed, with the token of somebody who has signed out here: nobody is signed back in', async () => {
    for (const hiddenSession of [true, false]) {
      const { own, tell } = hearing({ subscribes: true, source: { hiddenSession } })
      send(own.policy)
      own.change(undefined)
      tell({ kind: 'refreshed', token: own.mint() })
      expect(own.policy.snapshot().expiresAt).toBeUndefined()
    }
  })

  test('refreshed, with the token of another user: the store decides who is signed in', async () => {
    const { own, tell } = hearing({ source: { subscribe: () => () => {} } })
    send(own.policy)
    await own.clock.advance(second)
    tell({ kind: 'refreshed', token: own.mint({ identity: 'bob' }) })
    expect(sentToken(send(own.policy))).toBe('secret-access-1')
  })

  test('refreshed, with the token of another user, where the session is out of sight: it is asked for anew', async () => {
    const { own, tell } = hearing({
      stored: null,
      source: { hiddenSession: true, store: undefined },
    })
    await own.policy.token()
    await own.clock.advance(second)
    tell({ kind: 'refreshed', token: own.mint({ identity: 'bob' }) })
    expect(own.policy.snapshot().expiresAt).toBeUndefined()
    own.provider = async () => own.mint({ identity: 'bob' })
    expect(await own.policy.token()).toMatchObject({ value: 'secret-access-3', identity: 'bob' })
  })

  test('refreshed, with the first token of a session out of sight: who waits is served with it', async () => {
    const { own, tell } = hearing({
      stored: null,
      source: { hiddenSession: true, store: undefined },
    })
    own.provider = never
    const waiting = watch(own.policy.token())
    await own.clock.advance(second)
    tell({ kind: 'refreshed', token: own.mint() })
    expect(sentToken(send(own.policy))).toBe('secret-access-1')
    await own.clock.advance(9 * second)
    expect(waiting.value?.value).toBe('secret-access-1')
    expect(own.events.map(({ type }) => type)).not.toContain('session')
  })

  test('refreshed, while a sign-out is being read: the sign-out is not forgotten', async () => {
    const { own, tell } = hearing({
      source: { hiddenSession: true, read: () => after(own.clock, second, () => own.stored) },
    })
    own.stored = undefined
    const waiting = watch(own.policy.token())
    await own.clock.advance(5 * second)
    expect(waiting.state).toBe('fulfilled')
    own.stored = undefined
    tell({ kind: 'changed' })
    tell({ kind: 'refreshed', token: own.mint() })
    await own.clock.advance(2 * second)
    expect(own.policy.snapshot().expiresAt).toBeUndefined()
  })

  test('changed: the store is read again, and what it shows counts', () => {
    const { own, tell } = hearing({ source: { subscribe: () => () => {} } })
    send(own.policy)
    own.stored = undefined
    tell({ kind: 'changed' })
    expect(own.policy.authorize({ url })).toBeUndefined()
  })

  test('changed, where the session is out of sight: the token is dropped, and asked for anew', async () => {
    const { own, tell } = hearing({
      stored: null,
      source: { hiddenSession: true, store: undefined },
    })
    await own.policy.token()
    tell({ kind: 'changed' })
    expect(own.policy.snapshot().expiresAt).toBeUndefined()
    expect(await own.policy.token()).toMatchObject({ value: 'secret-access-2' })
  })

  test('failed: the provider is left alone until then, and requests with a good token go on', async () => {
    const { own, tell } = hearing({ stored: { lifetimeMs: 10 * minute } })
    send(own.policy)
    tell({ kind: 'failed', retryAt: own.clock.now() + 9 * minute })
    await own.clock.advance(8.9 * minute)
    send(own.policy)
    await own.clock.advance(0)
    expect(own.calls).toEqual([])
    expect(own.policy.snapshot()).toMatchObject({ status: 'stale', error: { code: 'throttled' } })
    await own.clock.advance(0.1 * minute)
    send(own.policy)
    await own.clock.advance(0)
    expect(own.calls).toHaveLength(1)
  })

  test('failed, while somebody waits for the end of a pause: it is waited for to its new end', async () => {
    const { own, tell } = hearing({ stored: { lifetimeMs: -minute } })
    own.provider = () => Promise.reject(new Error('down'))
    const waiting = watch(own.policy.token())
    await own.clock.advance(0)
    own.provider = async () => own.mint()
    tell({ kind: 'failed', retryAt: own.clock.now() + 5 * second })
    await own.clock.advance(4.9 * second)
    expect([waiting.state, own.calls.length]).toEqual(['pending', 1])
    await own.clock.advance(0.1 * second)
    expect([waiting.state, own.calls.length]).toEqual(['fulfilled', 2])
  })

  test('a notice of the coordinator reaches the listeners', () => {
    const { own, tell } = hearing()
    send(own.policy)
    tell({ kind: 'notice', message: 'one tab only' })
    expect(own.events.at(-1)).toEqual({ type: 'notice', message: 'one tab only' })
  })

  test('what this tab has noticed by itself is told to the others, and what it was told is not', () => {
    const { own, tell, said } = hearing({ subscribes: true })
    send(own.policy)
    said.length = 0
    own.change(undefined)
    expect(said).toEqual([{ kind: 'changed' }])
    own.change(own.mint())
    said.length = 0
    own.stored = undefined
    tell({ kind: 'changed' })
    expect(own.policy.snapshot().status).toBe('signed-out')
    expect(said).toEqual([])
  })

  test('that the session has ended, and that the provider must be left alone, is told to the others', async () => {
    const { own, said } = hearing({ stored: { lifetimeMs: -minute } })
    own.provider = () => Promise.reject(new Error('down'))
    void watch(own.policy.token())
    await own.clock.advance(0)
    const { retryAt } = own.policy.snapshot()
    expect(said.at(-1)).toEqual({ kind: 'failed', retryAt })
    own.provider = () =>
      Promise.reject(new TokenError('session-expired', 'The session has ended. Sign in.'))
    await own.clock.advance(minute)
    expect(said.at(-1)).toEqual({ kind: 'changed' })
  })

  test('refreshed, with a token of the same second: the old one, which its own store still shows, does not come back', () => {
    const { own, tell } = hearing()
    send(own.policy)
    const handedOver = own.mint()
    tell({ kind: 'refreshed', token: handedOver })
    for (let i = 0; i < 2; i++) expect(sentToken(send(own.policy))).toBe(handedOver.value)
  })

  test('that another tab has refreshed ends the pause, also while the store does not show it', async () => {
    const { own, tell } = hearing({ stored: { lifetimeMs: 10 * minute } })
    own.provider = () => Promise.reject(new TokenError('server-error', 'Down. Wait.'))
    await own.clock.advance(9 * minute)
    send(own.policy)
    await own.clock.advance(0)
    expect(own.policy.snapshot().retryAt).toBeDefined()
    tell({ kind: 'refreshed' })
    expect(own.policy.snapshot()).toMatchObject({ retryAt: undefined, error: undefined })
  })

  // Found by the simulator: the pause was kept, and the snapshot named the end of the former one.
  test('a pause that another tab makes longer is shown as long as it is', async () => {
    const { own, tell } = hearing({ stored: { lifetimeMs: 10 * minute } })
    own.provider = () => Promise.reject(new TokenError('server-error', 'Down. Wait.'))
    await own.clock.advance(9 * minute)
    send(own.policy)
    await own.clock.advance(0)
    const retryAt = own.clock.now() + 30 * second
    tell({ kind: 'failed', retryAt })
    tell({ kind: 'failed', retryAt: retryAt - 10 * second })
    expect(own.policy.snapshot()).toMatchObject({
      retryAt,
      error: { code: 'server-error', retryAt },
    })
    expect(own.events.at(-1)).toEqual({ type: 'status', status: 'stale' })
  })

  test('who has no good token tells that it is to wait, too', async () => {
    const { own, tell } = hearing({ stored: { lifetimeMs: 10 * minute } })
    send(own.policy)
    await own.clock.advance(11 * minute)
    tell({ kind: 'failed', retryAt: own.clock.now() + minute })
    expect(own.events.at(-1)).toEqual({ type: 'status', status: 'cooling-down' })
  })

  test('what only a later version has to say is nothing to this one', async () => {
    const { own, tell } = hearing()
    send(own.policy)
    const retryAt = own.clock.now() + minute
    tell({ kind: 'failed', retryAt })
    for (const later of [{ kind: 'later' }, {}, 'refreshed']) tell(later as News)
    expect(own.policy.snapshot().retryAt).toBe(retryAt)
  })

  test('ten tabs whose session is out of sight come to rest after a sign-out', async () => {
    const { tab, heard } = tabs()
    const clocked = Array.from({ length: 10 }, () =>
      scene({
        stored: null,
        subscribes: true,
        source: { hiddenSession: true, store: undefined },
        options: { coordinator: tab() },
      }),
    )
    for (const own of clocked) await own.policy.token()
    heard.length = 0
    for (const own of clocked) own.change(undefined)
    for (let i = 0; i < 20; i++) await clocked[0]?.clock.advance(hour)
    expect(heard).toHaveLength(10)
    expect(clocked.map(({ policy }) => policy.snapshot().expiresAt)).toEqual(
      Array(10).fill(undefined),
    )
  })
})
