import { describe, expect, test } from 'vitest'
import { TokenError, type TokenErrorCode } from '../src/index.ts'
import { after, never } from './provider.ts'
import { refuse, send, sentToken } from './request.ts'
import { hour, minute, scene, second, url, type TestToken } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch } from './watch.ts'

expectNothingUnhandled()

const rejects = (code: TokenErrorCode) => (): Promise<TestToken> =>
  Promise.reject(new TokenError(code, 'It did not work. Try again.'))

describe('rule 7: a good token outlives a bad refresh', () => {
  test('a token in the last seconds of its life is not good', async () => {
    const own = scene({ stored: { lifetimeMs: 10 * minute } })
    await own.clock.advance(10 * minute - 5 * second)
    const waiting = watch(own.policy.authorize({ url }))
    await own.clock.advance(0)
    expect(sentToken(waiting.value)).toBe('secret-access-2')
    expect(own.calls).toMatchObject([{ reason: 'expired' }])
  })

  test('a manual refresh that fails is an error for who asked for it, and nobody else', async () => {
    const own = scene()
    own.provider = rejects('server-error')
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(minute)
    expect(waiting.code).toBe('server-error')
    expect(sentToken(send(own.policy))).toBe('secret-access-1')
  })

  test('a refused token is not good: a refresh that fails is an error for the refused request', async () => {
    const own = scene()
    own.provider = rejects('server-error')
    const replay = refuse(own.policy, send(own.policy))
    await own.clock.advance(minute)
    expect(replay.code).toBe('server-error')
  })

  test('that the session has ended is no bad refresh: nothing more is sent with its token', async () => {
    const own = scene({ stored: { lifetimeMs: 10 * minute } })
    own.provider = rejects('session-revoked')
    await own.clock.advance(9 * minute)
    send(own.policy)
    await own.clock.advance(0)
    expect(own.policy.authorize({ url })).toBeUndefined()
    expect(own.policy.snapshot()).toMatchObject({ status: 'signed-out' })
    expect(own.events).toContainEqual(
      expect.objectContaining({ type: 'session', status: 'signed-out' }),
    )
  })

  test('a slow refresh in the background makes no request wait', async () => {
    const own = scene({ stored: { lifetimeMs: 10 * minute } })
    own.provider = () => after(own.clock, 5 * second, () => own.mint())
    await own.clock.advance(9 * minute)
    for (let i = 0; i < 5; i++) {
      expect(sentToken(send(own.policy))).toBe('secret-access-1')
      await own.clock.advance(second)
    }
    expect(sentToken(send(own.policy))).toBe('secret-access-2')
    expect(own.calls).toHaveLength(1)
  })

  test('a late answer, after the deadline, is kept: with rotation it holds the only refresh token', async () => {
    for (const stored of [{ lifetimeMs: -minute }, null]) {
      const own = scene({
        stored,
        options: { keepFresh: true },
        ...(stored === null && { source: { hiddenSession: true } }),
      })
      own.provider = () => after(own.clock, 12 * second, () => own.mint())
      const waiting = watch(own.policy.token())
      await own.clock.advance(10 * second)
      expect(waiting.code).toBe('timeout')
      own.provider = never
      own.events.length = 0
      await own.clock.advance(2 * second)
      expect(own.stored?.value).toBe(sentToken(send(own.policy)))
      expect(own.policy.snapshot()).toMatchObject({ status: 'fresh', error: undefined })
      expect(own.events.at(-1)).toEqual({ type: 'status', status: 'fresh' })
      const calls = own.calls.length
      await own.clock.advance(50 * minute)
      expect(own.calls).toHaveLength(calls)
      await own.clock.advance(hour)
      expect(own.calls.length).toBeGreaterThan(calls)
    }
  })

  test('a late answer after another tab has refreshed is dropped', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    own.provider = () => after(own.clock, 12 * second, () => own.mint())
    const waiting = watch(own.policy.token())
    await own.clock.advance(11 * second)
    expect(waiting.code).toBe('timeout')
    const theirs = own.mint()
    own.stored = theirs
    expect(sentToken(send(own.policy))).toBe(theirs.value)
    await own.clock.advance(minute)
    expect(own.stored).toBe(theirs)
    expect(sentToken(send(own.policy))).toBe(theirs.value)
  })
})
