import { describe, expect, test } from 'vitest'
import { TokenError } from './errors.ts'
import { after, never } from '../test/provider.ts'
import { refuse, send, sentToken } from '../test/request.ts'
import { minute, scene, second, url } from '../test/scene.ts'
import { expectNothingUnhandled } from '../test/unhandled.ts'
import { watch } from '../test/watch.ts'

expectNothingUnhandled()

const answer = (status: number, challenge?: string): Response =>
  new Response(null, {
    status,
    ...(challenge !== undefined && { headers: { 'www-authenticate': challenge } }),
  })

describe('authorize', () => {
  test('gives the header at once, in the form that RFC 6750 wants', () => {
    const { policy } = scene()
    expect(policy.authorize({ url })).toMatchObject({
      name: 'authorization',
      value: 'Bearer secret-access-1',
    })
  })

  test('gives the same object for each request, until the token changes', async () => {
    const own = scene()
    const header = send(own.policy)
    await own.clock.advance(minute)
    expect(send(own.policy)).toBe(header)
    await own.policy.refresh()
    expect(send(own.policy)).not.toBe(header)
  })

  test('a header and a scheme of the app’s own, or no scheme', () => {
    const own = scene({ options: { headerName: 'X-Api-Token', scheme: '' } })
    expect(own.policy.authorize({ url })).toMatchObject({
      name: 'x-api-token',
      value: 'secret-access-1',
    })
    const { policy } = scene({ options: { scheme: 'DPoP' } })
    expect(policy.authorize({ url })).toMatchObject({ value: 'DPoP secret-access-1' })
  })

  test('nobody is signed in: the request goes out without a token', () => {
    const own = scene({ stored: null })
    expect(own.policy.authorize({ url })).toBeUndefined()
    expect(own.calls).toEqual([])
  })

  test('nobody is signed in, and the app wants it so: nothing is sent', async () => {
    const own = scene({ stored: null, options: { whenSignedOut: 'refuse' } })
    const waiting = [watch(own.policy.authorize({ url })), watch(own.policy.token())]
    await own.clock.advance(0)
    expect(waiting.map(({ code }) => code)).toEqual(['signed-out', 'signed-out'])
    own.stored = own.mint()
    expect(sentToken(send(own.policy))).toBe('secret-access-1')
  })

  test('nothing is refused that only has to wait', async () => {
    for (const readMs of [undefined, 10]) {
      const own = scene({
        stored: { lifetimeMs: -minute },
        options: { whenSignedOut: 'refuse' },
        source: readMs ? { read: () => after(own.clock, readMs, () => own.stored) } : {},
      })
      const waiting = watch(own.policy.authorize({ url }))
      await own.clock.advance(second)
      expect(sentToken(waiting.value)).toBe('secret-access-2')
    }
  })

  test('the session ends while a request waits: that one is not sent, later ones go without a token', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    own.provider = () => Promise.reject(new TokenError('session-expired', 'Over. Sign in.'))
    const waiting = watch(own.policy.authorize({ url }))
    await own.clock.advance(0)
    expect(waiting.code).toBe('session-expired')
    expect(own.policy.authorize({ url })).toBeUndefined()
  })

  test('an ended token is waited for', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    const header = own.policy.authorize({ url })
    expect(header).toBeInstanceOf(Promise)
    expect(sentToken(await header)).toBe('secret-access-2')
  })
})

describe('recover', () => {
  test.each([200, 204, 301, 400, 402, 403, 404, 407, 419, 498, 500, 503])(
    'a %d is no refusal: the answer stands, at once',
    (status) => {
      const own = scene()
      const rejected = send(own.policy)
      const given = { status, headers: new Headers() }
      expect(own.policy.recover({ url, rejected, response: given })).toBeUndefined()
    },
  )

  test.each([
    'Bearer error="insufficient_scope"',
    'Bearer realm="api", error="insufficient_scope", scope="admin"',
    'bearer ERROR=insufficient_scope',
    'Bearer error = "insufficient_scope"',
    'Basic realm="x", Bearer error="insufficient_scope"',
    'Bearer error="insufficient_user_authentication", error_description="A stronger one", acr_values="mfa"',
    'Bearer max_age="5", error="insufficient_user_authentication"',
  ])('a new token would not cure %s: the answer stands', (challenge) => {
    const own = scene()
    const rejected = send(own.policy)
    const response = answer(401, challenge)
    expect(own.policy.recover({ url, rejected, response })).toBeUndefined()
  })

  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer error="invalid_token"',
    'Bearer error="invalid_token", error_description="The access token expired"',
    'Bearer error="invalid_token", error_description="not insufficient_scope"',
    'Bearer error="insufficient_scope_of_another_kind"',
    'Bearer scope="insufficient_scope"',
    'Basic realm="api"',
  ])('a 401 with %j is a refusal', async (challenge) => {
    const own = scene()
    const replay = refuse(own.policy, send(own.policy), { response: answer(401, challenge) })
    await own.clock.advance(0)
    expect(sentToken(replay.value)).toBe('secret-access-2')
  })

  test('headers may come as a client has them, and need not be strings', async () => {
    const own = scene()
    for (const value of [null, undefined, ['Bearer error="insufficient_scope"']]) {
      const response = { status: 401, headers: { get: () => value } }
      const replay = refuse(own.policy, send(own.policy), { response })
      await own.clock.advance(0)
      expect([value, replay.state]).toEqual([value, 'fulfilled'])
    }
    expect(own.calls).toHaveLength(2)
  })

  test('the app may say what is a refusal', async () => {
    const own = scene({ options: { isRefusal: ({ status }) => status === 419 } })
    const header = send(own.policy)
    expect(own.policy.recover({ url, rejected: header, response: answer(401) })).toBeUndefined()
    const replay = refuse(own.policy, header, { response: answer(419) })
    await own.clock.advance(0)
    expect(sentToken(replay.value)).toBe('secret-access-2')
  })

  test('a protocol may refuse by other means than the status', async () => {
    const own = scene()
    const header = send(own.policy)
    expect(
      own.policy.recover({ url, rejected: header, response: answer(200), refused: false }),
    ).toBeUndefined()
    const replay = refuse(own.policy, header, { response: answer(200), refused: true })
    await own.clock.advance(0)
    expect(sentToken(replay.value)).toBe('secret-access-2')
  })

  test('a request that left without a token, while nobody is signed in, fails as signed-out', async () => {
    const own = scene({ stored: null })
    const replay = refuse(own.policy, undefined)
    await own.clock.advance(0)
    expect(replay.code).toBe('signed-out')
  })

  test('why the session ended reaches who is refused', async () => {
    const own = scene()
    const header = send(own.policy)
    own.provider = () => Promise.reject(new TokenError('account-blocked', 'Gone. Ask for help.'))
    const replays = [refuse(own.policy, header), refuse(own.policy, header)]
    await own.clock.advance(0)
    replays.push(refuse(own.policy, header))
    await own.clock.advance(0)
    expect(replays.map(({ code }) => code)).toEqual(Array(3).fill('account-blocked'))
  })

  test('a refusal while the provider is down fails with what it is', async () => {
    const own = scene()
    own.provider = () => Promise.reject(new TypeError('Failed to fetch'))
    const replay = refuse(own.policy, send(own.policy))
    await own.clock.advance(minute)
    expect(replay.code).toBe('offline')
  })

  test('what a faulty isRefusal throws is thrown to who asked, and nobody else is harmed', async () => {
    const fault = new Error('faulty')
    const own = scene({
      options: {
        isRefusal: () => {
          throw fault
        },
      },
    })
    const rejected = send(own.policy)
    expect(() => own.policy.recover({ url, rejected, response: answer(401) })).toThrow(fault)
    expect(send(own.policy)).toBe(rejected)
  })

  test('a refusal while the store hangs is ended by the deadline', async () => {
    let hangs = false
    const own = scene({ source: { read: () => (hangs ? never() : own.stored) } })
    const header = send(own.policy)
    hangs = true
    const replay = refuse(own.policy, header)
    await own.clock.advance(20 * second)
    expect(replay.code).toBe('timeout')
  })
})

describe('errors that explain', () => {
  test.each<[string, unknown, string]>([
    ['Chromium', new TypeError('Failed to fetch'), 'offline'],
    ['Firefox', new TypeError('NetworkError when attempting to fetch resource.'), 'offline'],
    ['Safari', new TypeError('Load failed'), 'offline'],
    ['Node', new TypeError('fetch failed'), 'offline'],
    ['React Native', new TypeError('Network request failed'), 'offline'],
    ['a DOMException', new DOMException('A network error occurred.', 'NetworkError'), 'offline'],
    ['a bug', new TypeError('Cannot read properties of undefined'), 'refresh-failed'],
    [
      'an error without a message',
      Object.assign(new TypeError(), { message: undefined }),
      'refresh-failed',
    ],
    ['words', 'Failed to fetch', 'refresh-failed'],
    [
      'an explained error in a wrapper',
      new Error('x', { cause: new TokenError('cors', 'No.') }),
      'cors',
    ],
  ])('%s', async (_, thrown, code) => {
    const own = scene()
    own.provider = () => Promise.reject(thrown)
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(minute)
    expect(waiting.code).toBe(code)
  })
})
