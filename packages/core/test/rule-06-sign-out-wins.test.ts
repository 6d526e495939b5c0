import { describe, expect, test } from 'vitest'
import { TokenError } from '../src/index.ts'
import { after, never } from './provider.ts'
import { refuse, send, sentToken } from './request.ts'
import { hour, minute, scene, second, url, type SceneOptions } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch } from './watch.ts'

expectNothingUnhandled()

/** Every kind of store: at once or later, with or without telling of changes. */
const stores: [string, (setup?: SceneOptions) => ReturnType<typeof scene>][] = [
  true,
  false,
].flatMap((subscribes) =>
  [0, 20].map((readMs): (typeof stores)[number] => [
    `a store that ${readMs ? 'answers later' : 'answers at once'} and ${subscribes ? 'tells' : 'does not tell'} of changes`,
    (setup = {}) => {
      const own: ReturnType<typeof scene> = scene({
        ...setup,
        subscribes,
        source: {
          ...(readMs && { read: () => after(own.clock, readMs, () => own.stored) }),
          ...setup.source,
        },
      })
      return own
    },
  ]),
)

describe.each(stores)('rule 6: sign-out wins, with %s', (_, open) => {
  test('a refresh that lands after a sign-out is dropped: nobody is signed back in', async () => {
    const own = open({ stored: { lifetimeMs: -minute } })
    own.provider = () => after(own.clock, second, () => own.mint())
    const waiting = watch(own.policy.token())
    await own.clock.advance(500)
    own.change(undefined)
    await own.clock.advance(minute)
    expect(waiting.code).toBe('signed-out')
    expect(own.stored).toBeUndefined()
    expect(own.policy.snapshot()).toMatchObject({ status: 'signed-out', expiresAt: undefined })
    expect(own.refreshes()).toMatchObject([{ outcome: 'dropped', error: { code: 'signed-out' } }])
    const late = watch(own.policy.authorize({ url }))
    await own.clock.advance(second)
    expect([late.state, late.value]).toEqual(['fulfilled', undefined])
  })

  test('a refresh that lands after another user signed in is dropped, and nobody gets the former’s token', async () => {
    const own = open({ stored: { lifetimeMs: -minute } })
    own.provider = () => after(own.clock, second, () => own.mint())
    const waiting = watch(own.policy.authorize({ url }))
    await own.clock.advance(500)
    const bobs = own.mint({ identity: 'bob' })
    own.change(bobs)
    await own.clock.advance(minute)
    expect(waiting.code).toBe('user-changed')
    expect(own.stored).toBe(bobs)
    const header = watch(own.policy.authorize({ url }))
    await own.clock.advance(second)
    expect(sentToken(header.value)).toBe(bobs.value)
  })

  test('a refresh that lands after a sign-out and a sign-in is dropped, though it is the same user', async () => {
    const own = open({ stored: { lifetimeMs: -minute } })
    own.provider = () => after(own.clock, second, () => own.mint({ value: 'of-the-first-session' }))
    const waiting = watch(own.policy.token())
    await own.clock.advance(500)
    own.change(undefined)
    void watch(own.policy.token())
    await own.clock.advance(100)
    const again = own.mint({ lifetimeMs: minute })
    own.change(again)
    await own.clock.advance(5 * second)
    expect(waiting.code).toBe('signed-out')
    expect(own.stored).toBe(again)
  })

  test('an answer that comes after the deadline and a sign-out is dropped', async () => {
    const own = open({ stored: { lifetimeMs: -minute } })
    own.provider = () => after(own.clock, 15 * second, () => own.mint())
    const waiting = watch(own.policy.token())
    await own.clock.advance(11 * second)
    expect(waiting.code).toBe('timeout')
    own.change(undefined)
    await own.clock.advance(minute)
    expect(own.stored).toBeUndefined()
    expect(own.policy.snapshot().expiresAt).toBeUndefined()
  })

  test('a sign-out while the token is being stored reaches the store and those who wait', async () => {
    const own = open({
      stored: { lifetimeMs: -minute },
      source: {
        store: (token, { signal }) =>
          after(own.clock, second, () => {
            if (!signal.aborted) own.stored = token
          }),
      },
    })
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(500)
    own.change(undefined)
    void watch(own.policy.token())
    await own.clock.advance(minute)
    expect(waiting.code).toBe('signed-out')
    expect(own.stored).toBeUndefined()
    expect(own.policy.snapshot().status).toBe('signed-out')
  })

  test('a token that a store wrote in spite of the sign-out is cleared', async () => {
    const own = open({
      stored: { lifetimeMs: -minute },
      source: {
        store: (token) => after(own.clock, second, () => void (own.stored = token)),
        clear: (token) => {
          if (own.stored === token) own.stored = undefined
        },
      },
    })
    void watch(own.policy.refresh())
    await own.clock.advance(500)
    own.change(undefined)
    void watch(own.policy.token())
    await own.clock.advance(minute)
    expect(own.stored).toBeUndefined()
  })

  test('the refresh is aborted when the session it was for is over', async () => {
    const own = open({ stored: { lifetimeMs: -minute } })
    own.provider = never
    void watch(own.policy.token())
    await own.clock.advance(500)
    own.change(undefined)
    void watch(own.policy.token())
    await own.clock.advance(100)
    expect(own.calls[0]?.signal.aborted).toBe(true)
    expect(own.calls[0]?.signal.reason).toMatchObject({ code: 'signed-out' })
  })

  test('a refusal of a request of the former user is not replayed with the token of the next', async () => {
    const own = open()
    const header = await own.clock
      .advance(0)
      .then(() => Promise.all([own.policy.authorize({ url }), own.clock.advance(second)]))
      .then(([sent]) => sent)
    own.change(own.mint({ identity: 'bob' }))
    const replay = refuse(own.policy, header)
    await own.clock.advance(second)
    expect(replay.code).toBe('user-changed')
    expect(own.calls).toEqual([])
  })

  test('nor is one of the same user’s former session', async () => {
    const own = open()
    const [header] = await Promise.all([own.policy.authorize({ url }), own.clock.advance(second)])
    own.change(undefined)
    await Promise.all([own.policy.authorize({ url }), own.clock.advance(second)])
    own.change(own.mint())
    const replay = refuse(own.policy, header)
    await own.clock.advance(second)
    expect(replay.code).toBe('user-changed')
  })

  test('a refusal after the sign-out reaches the caller as signed-out', async () => {
    const own = open()
    const [header] = await Promise.all([own.policy.authorize({ url }), own.clock.advance(second)])
    own.change(undefined)
    const replay = refuse(own.policy, header)
    await own.clock.advance(second)
    expect(replay.code).toBe('signed-out')
  })
})

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

  test('a provider that answers for somebody else signs that user in, and keeps the token', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    const bobs = own.mint({ identity: 'bob' })
    own.provider = async () => bobs
    const waiting = watch(own.policy.authorize({ url }))
    await own.clock.advance(second)
    expect(waiting.code).toBe('user-changed')
    expect(own.stored).toBe(bobs)
    expect(sentToken(send(own.policy))).toBe(bobs.value)
    expect(own.refreshes()).toMatchObject([{ outcome: 'dropped' }])
  })

  test('also when that token was issued before the one of the former user', async () => {
    const own = scene()
    send(own.policy)
    const bobs = own.mint({ identity: 'bob', issuedAt: own.clock.now() - minute })
    own.provider = async () => bobs
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(second)
    expect(waiting.code).toBe('user-changed')
    expect(sentToken(send(own.policy))).toBe(bobs.value)
  })

  test('also when a listener asks for the token in the middle of it, and the store fails', async () => {
    const own = scene({
      source: {
        store: () => {
          throw new Error('quota exceeded')
        },
      },
    })
    send(own.policy)
    const seen: (string | undefined)[] = []
    own.policy.subscribe(({ type }) => {
      if (type === 'session') seen.push(sentToken(send(own.policy)))
    })
    const bobs = own.mint({ identity: 'bob' })
    own.provider = async () => bobs
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(second)
    expect(waiting.code).toBe('user-changed')
    expect([...seen, sentToken(send(own.policy))]).toEqual([bobs.value, bobs.value])
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
