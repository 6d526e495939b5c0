import { describe, expect, test } from 'vitest'
import { TokenError, type TokenSource } from '../src/index.ts'
import { refuse, send, sentToken } from './request.ts'
import { minute, scene, url, type Scene, type SceneOptions, type TestToken } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch } from './watch.ts'

expectNothingUnhandled()

describe('a session out of sight, as in an HttpOnly cookie', () => {
  const hidden = (setup: SceneOptions = {}): Scene & { signedIn: string | undefined } => {
    const cookie = { signedIn: 'alice' as string | undefined }
    const own = scene({
      stored: null,
      ...setup,
      source: { hiddenSession: true, store: undefined, ...setup.source },
    })
    own.provider = async () => {
      if (!cookie.signedIn) throw new TokenError('signed-out', 'Nobody is signed in. Sign in.')
      return own.mint({ identity: cookie.signedIn })
    }
    return Object.defineProperty(own, 'signedIn', {
      get: () => cookie.signedIn,
      set: (who: string | undefined) => {
        cookie.signedIn = who
      },
    }) as Scene & typeof cookie
  }

  test('begins with a refresh, and everybody waits for it', async () => {
    const own = hidden()
    const waiting = [watch(own.policy.authorize({ url })), watch(own.policy.token())]
    await own.clock.advance(0)
    expect(waiting.map(({ state }) => state)).toEqual(['fulfilled', 'fulfilled'])
    expect(own.calls).toMatchObject([{ reason: 'expired', previous: undefined }])
    expect(sentToken(send(own.policy))).toBe('secret-access-1')
    expect(own.policy.snapshot().status).toBe('fresh')
  })

  test('after a sign-out it is not known who is signed in', async () => {
    const own = hidden({ subscribes: true })
    await own.policy.token()
    own.change(undefined)
    expect(own.policy.snapshot().status).toBe('unknown')
  })

  test('a refresh for a token of before is one, where it is not known who is signed in', async () => {
    const own = hidden()
    const waiting = watch(own.policy.refresh({ ifToken: own.mint() }))
    await own.clock.advance(0)
    expect(waiting.value?.value).toBe('secret-access-2')
  })

  test('a request that left before the sign-in is replayed with what the refresh finds', async () => {
    const own = hidden({ subscribes: true })
    own.signedIn = undefined
    await own.policy.authorize({ url })
    own.signedIn = 'alice'
    own.change(undefined)
    const replay = refuse(own.policy, undefined)
    await own.clock.advance(0)
    expect(sentToken(replay.value)).toBe('secret-access-1')
  })

  test('a coordinator that reads is told that nothing is known', async () => {
    let shown: unknown = 'not read'
    const own = hidden({
      options: {
        coordinator: {
          async exclusive(_key, job, { read }) {
            shown = await read()
            return job({ stillCurrent: () => true, committed: () => {} })
          },
        },
      },
    })
    await own.policy.token()
    expect(shown).toBeUndefined()
  })

  test('nobody is signed in: the first request goes out without a token, like all others', async () => {
    const own = hidden()
    own.signedIn = undefined
    const waiting = [
      watch(own.policy.authorize({ url })),
      watch(own.policy.authorize({ url })),
      watch(own.policy.token()),
      watch(own.policy.refresh()),
    ]
    await own.clock.advance(0)
    expect(waiting.map(({ state, code }) => code ?? state)).toEqual([
      'fulfilled',
      'fulfilled',
      'signed-out',
      'signed-out',
    ])
    expect([waiting[0]?.value, own.policy.authorize({ url })]).toEqual([undefined, undefined])
    expect(own.calls).toHaveLength(1)
    expect(own.policy.snapshot().status).toBe('signed-out')
  })

  test('nobody is signed in, and the app wants nothing to be sent then', async () => {
    const own = hidden({ options: { whenSignedOut: 'refuse' } })
    own.signedIn = undefined
    const waiting = watch(own.policy.authorize({ url }))
    await own.clock.advance(0)
    expect(waiting.code).toBe('signed-out')
  })

  test('the provider is down: the request fails, for nobody knows yet whether a token is needed', async () => {
    const own = hidden()
    own.provider = () => Promise.reject(new TokenError('server-error', 'Down. Wait.'))
    const waiting = watch(own.policy.authorize({ url }))
    await own.clock.advance(minute)
    expect(waiting.code).toBe('server-error')
    expect(own.policy.snapshot()).toMatchObject({ status: 'cooling-down' })
  })

  test('somebody signs in, and the app asks for a refresh: that finds out, where nobody tells', async () => {
    const own = hidden()
    own.signedIn = undefined
    expect(await own.policy.authorize({ url })).toBeUndefined()
    own.signedIn = 'alice'
    expect(await own.policy.refresh()).toMatchObject({ identity: 'alice' })
    expect(sentToken(send(own.policy))).toBe('secret-access-1')
    expect(own.policy.snapshot()).toMatchObject({ status: 'fresh', error: undefined })
  })

  test('somebody signs in, and the source tells: the next request finds out', async () => {
    const own = hidden({ subscribes: true })
    own.signedIn = undefined
    expect(await own.policy.authorize({ url })).toBeUndefined()
    own.signedIn = 'alice'
    own.change(undefined)
    expect(sentToken(await own.policy.authorize({ url }))).toBe('secret-access-1')
  })

  test('the cookie becomes another user’s, and the source tells', async () => {
    const own = hidden({ subscribes: true })
    const header = await own.policy.authorize({ url })
    own.signedIn = 'bob'
    own.change(undefined)
    const next = watch(own.policy.token())
    await own.clock.advance(0)
    expect(next.value).toMatchObject({ identity: 'bob' })
    const replay = refuse(own.policy, header)
    await own.clock.advance(0)
    expect(replay.code).toBe('user-changed')
  })

  test('the cookie becomes another user’s, and nobody tells: the next refresh does', async () => {
    const own = hidden()
    await own.policy.token()
    own.signedIn = 'bob'
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(0)
    expect(waiting.code).toBe('user-changed')
    expect(await own.policy.token()).toMatchObject({ identity: 'bob' })
  })

  test('a page that wakes up with a session not known yet asks once', async () => {
    const own = hidden()
    own.provider = () => Promise.reject(new TypeError('Failed to fetch'))
    void watch(own.policy.token())
    await own.clock.advance(minute)
    own.provider = async () => own.mint()
    own.policy.recheck({ online: true })
    await own.clock.advance(0)
    expect(own.policy.snapshot().status).toBe('fresh')
  })

  test('a source may keep the token in memory by itself', async () => {
    const memory: { token?: TestToken } = {}
    const source: Partial<TokenSource<TestToken>> = {
      read: () => memory.token,
      store: (token) => void (memory.token = token),
      clear: () => void delete memory.token,
    }
    const own = hidden({ source })
    await own.policy.token()
    expect(memory.token?.value).toBe('secret-access-1')
    own.signedIn = undefined
    await own.policy.refresh().catch(() => {})
    expect(memory).toEqual({})
    expect(own.policy.snapshot().status).toBe('signed-out')
  })
})
