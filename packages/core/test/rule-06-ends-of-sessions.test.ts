import { describe, expect, test } from 'vitest'
import { TokenError } from '../src/index.ts'
import { after, never } from './provider.ts'
import { send, sentToken } from './request.ts'
import { hour, minute, scene, second, url } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch } from './watch.ts'

expectNothingUnhandled()

describe('rule 6: sign-out wins', () => {
  test('a sign-out or another user that the refresh finds when it reads again ends it, quietly', async () => {
    for (const next of [undefined, 'bob']) {
      const own = scene({ stored: { lifetimeMs: -minute } })
      const waiting = watch(own.policy.token())
      own.stored = next === undefined ? undefined : own.mint({ identity: next })
      await own.clock.advance(0)
      expect(waiting.code).toBe(next === undefined ? 'signed-out' : 'user-changed')
      expect([own.calls.length, own.clock.pending]).toEqual([0, 0])
    }
  })

  test('a read that began before the sign-out does not sign back in', async () => {
    const own = scene({
      subscribes: true,
      source: {
        read: () =>
          after(
            own.clock,
            own.stored ? second : 0,
            (
              (seen) => () =>
                seen
            )(own.stored),
          ),
      },
    })
    const waiting = watch(own.policy.authorize({ url }))
    await own.clock.advance(500)
    own.change(undefined)
    await own.clock.advance(minute)
    expect([waiting.state, waiting.value]).toEqual(['fulfilled', undefined])
    expect(own.policy.snapshot().expiresAt).toBeUndefined()
  })

  test('reads that come back in another order than they began leave what the last one saw', async () => {
    let readMs = 100
    const own = scene({
      source: {
        read: () =>
          after(
            own.clock,
            (readMs -= 40),
            (
              (seen) => () =>
                seen
            )(own.stored),
          ),
      },
    })
    void watch(own.policy.token())
    own.stored = undefined
    void watch(own.policy.token())
    await own.clock.advance(second)
    expect(own.policy.snapshot().expiresAt).toBeUndefined()
  })

  test('a session that the provider has ended stays ended, though the store still shows its token', async () => {
    const own = scene()
    send(own.policy)
    own.provider = () => Promise.reject(new TokenError('session-revoked', 'It was ended. Sign in.'))
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(0)
    expect(waiting.code).toBe('session-revoked')
    expect(own.stored?.value).toBe('secret-access-1')
    expect(own.policy.authorize({ url })).toBeUndefined()
    await expect(own.policy.token()).rejects.toMatchObject({ code: 'session-revoked' })
    expect(own.policy.snapshot()).toMatchObject({
      status: 'signed-out',
      error: { code: 'session-revoked' },
    })
    expect(own.refreshes()).toMatchObject([
      { outcome: 'failed', waiters: 1, error: { code: 'session-revoked' } },
    ])
    own.stored = own.mint()
    expect(sentToken(send(own.policy))).toBe('secret-access-2')
  })

  test('the source is told to forget an ended session, unless another tab has renewed it', async () => {
    const cleared: string[] = []
    const own = scene({
      stored: { lifetimeMs: -minute },
      source: { clear: (token) => void cleared.push(token.value) },
    })
    own.provider = async () => {
      own.stored = own.mint()
      throw new TokenError('token-reused', 'It was spent already. Sign in.')
    }
    expect(await own.policy.token()).toMatchObject({ value: 'secret-access-2' })
    expect(own.refreshes()).toMatchObject([{ outcome: 'dropped', error: { code: 'token-reused' } }])
    expect(cleared).toEqual([])
    own.provider = () => Promise.reject(new TokenError('session-expired', 'Over. Sign in.'))
    await own.policy.refresh().catch(() => {})
    expect(cleared).toEqual(['secret-access-2'])
  })

  // Found by the simulator: the end of the former session was taken for that of the new one.
  test('a sign-in that seems to have ended, by a wrong clock, is not over with the session before it', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    own.provider = () => {
      own.provider = async () => own.mint()
      own.stored = own.mint({ lifetimeMs: -minute })
      return Promise.reject(new TokenError('session-revoked', 'Over. Sign in.'))
    }
    const waiting = watch(own.policy.token())
    await own.clock.advance(2 * second)
    expect(waiting.value?.value).toBe('secret-access-3')
    expect(own.refreshes()).toMatchObject([
      { outcome: 'failed', error: { code: 'not-newer' } },
      { outcome: 'refreshed' },
    ])
  })

  test('before a session is declared over, the coordinator may wait for who won the race', async () => {
    const asked: unknown[] = []
    const own = scene({
      stored: { lifetimeMs: -minute },
      options: {
        coordinator: {
          exclusive: (_key, job) =>
            job({
              stillCurrent: (over) => {
                asked.push(over?.code)
                return after(own.clock, second, () => ((own.stored = own.mint()), false))
              },
              committed: () => {},
            }),
        },
      },
    })
    own.provider = () => Promise.reject(new TokenError('token-reused', 'Spent. Sign in.'))
    const waiting = watch(own.policy.token())
    await own.clock.advance(second - 1)
    expect([waiting.state, own.policy.snapshot().status]).toEqual(['pending', 'refreshing'])
    await own.clock.advance(1)
    expect(waiting.value?.value).toBe('secret-access-2')
    expect(asked).toEqual(['token-reused'])
  })

  test('a session out of sight: a sign-out drops the token, and the provider is asked who is there', async () => {
    const own = scene({
      stored: null,
      subscribes: true,
      source: { hiddenSession: true, store: undefined },
    })
    own.provider = () => after(own.clock, second, () => own.mint())
    void watch(own.policy.token())
    await own.clock.advance(second)
    send(own.policy)
    own.change(undefined)
    own.provider = () => Promise.reject(new TokenError('signed-out', 'Nobody. Sign in.'))
    const waiting = watch(own.policy.token())
    await own.clock.advance(second)
    expect(waiting.code).toBe('signed-out')
    expect(own.policy.authorize({ url })).toBeUndefined()
  })

  test('a session out of sight: what was in the air at the sign-out is dropped, also late', async () => {
    const own = scene({
      stored: null,
      subscribes: true,
      source: { hiddenSession: true, store: undefined },
    })
    own.provider = () => after(own.clock, 15 * second, () => own.mint())
    const early = watch(own.policy.token())
    await own.clock.advance(second)
    own.change(undefined)
    await own.clock.advance(0)
    expect(early.code).toBe('signed-out')
    own.provider = never
    const later = watch(own.policy.token())
    await own.clock.advance(hour)
    expect(later.code).toBe('timeout')
    expect(own.policy.snapshot().expiresAt).toBeUndefined()
  })

  test('a token of somebody who signs in while a request finds nobody is typed, not undefined', async () => {
    const options = { whenSignedOut: 'refuse' } as const
    const own = scene({ stored: null, subscribes: true, options })
    const waiting = [watch(own.policy.token()), watch(own.policy.authorize({ url }))]
    own.change(own.mint())
    await own.clock.advance(0)
    expect(waiting.map(({ code }) => code)).toEqual(['user-changed', 'user-changed'])
  })
})
