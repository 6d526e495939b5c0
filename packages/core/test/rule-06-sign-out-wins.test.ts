import { describe, expect, test } from 'vitest'
import { after, never } from './provider.ts'
import { refuse, sentToken } from './request.ts'
import { minute, scene, second, url, type SceneOptions } from './scene.ts'
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
