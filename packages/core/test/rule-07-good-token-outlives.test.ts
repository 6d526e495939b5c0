import { describe, expect, test } from 'vitest'
import { TokenError, type TokenErrorCode } from '../src/index.ts'
import { never } from './provider.ts'
import { send, sentToken } from './request.ts'
import { hour, minute, scene, second, url, type Scene, type TestToken } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch } from './watch.ts'

expectNothingUnhandled()

const rejects = (code: TokenErrorCode) => (): Promise<TestToken> =>
  Promise.reject(new TokenError(code, 'It did not work. Try again.'))

/** Every way to fail that says nothing about the session. */
const failures: [string, string, (own: Scene) => Scene['provider']][] = [
  ['offline', 'offline', () => rejects('offline')],
  ['unreachable', 'offline', () => () => Promise.reject(new TypeError('Failed to fetch'))],
  ['a time-out of its own', 'timeout', () => rejects('timeout')],
  ['no answer at all', 'timeout', () => never],
  ['throttled', 'throttled', () => rejects('throttled')],
  ['a server error', 'server-error', () => rejects('server-error')],
  ['HTML of a proxy', 'bad-answer', () => rejects('bad-answer')],
  ['an error that it does not explain', 'refresh-failed', () => () => Promise.reject(new Error())],
  [
    'the same token',
    'not-newer',
    () =>
      async ({ previous }) =>
        previous as TestToken,
  ],
  ['no token', 'bad-token', () => async () => undefined as never],
  [
    'a token that has ended',
    'bad-answer',
    (own) => async () => own.mint({ issuedAt: own.clock.now() - 1, expiresAt: own.clock.now() }),
  ],
  ['a wrong client', 'wrong-client', () => rejects('wrong-client')],
  ['CORS', 'cors', () => rejects('cors')],
  [
    'a synchronous throw',
    'refresh-failed',
    () => () => {
      throw new Error('at once')
    },
  ],
]

describe.each(failures)('rule 7: a good token outlives %s', (name, code, fail) => {
  test('requests go on with it, at once, and the failure is an event', async () => {
    const own = scene({ stored: { lifetimeMs: 10 * minute } })
    own.provider = fail(own)
    await own.clock.advance(9 * minute)
    for (let i = 0; i < 20; i++) {
      expect(sentToken(send(own.policy))).toBe('secret-access-1')
      await own.clock.advance(second)
    }
    expect(own.policy.snapshot()).toMatchObject({ status: 'stale', error: { code } })
    expect(own.refreshes()[0]).toMatchObject({
      reason: 'stale',
      outcome: 'failed',
      error: { code },
    })
    await own.clock.advance(10 * second)
    expect(own.refreshes()).toHaveLength(own.calls.length)
  })

  test('the next try follows the backoff, and a success is as good as ever', async () => {
    const own = scene({ stored: { lifetimeMs: 10 * minute } })
    own.provider = fail(own)
    await own.clock.advance(9 * minute)
    send(own.policy)
    await own.clock.advance(11 * second)
    const { retryAt = 0 } = own.refreshes()[0] ?? {}
    expect(retryAt).toBeGreaterThan(own.clock.now() - 11 * second)
    const calls = own.calls.length
    own.provider = async () => own.mint()
    await own.clock.advance(Math.max(0, retryAt - own.clock.now()))
    send(own.policy)
    await own.clock.advance(0)
    expect(own.calls).toHaveLength(calls + 1)
    expect(own.policy.snapshot()).toMatchObject({
      status: 'fresh',
      error: undefined,
      retryAt: undefined,
    })
  })

  test('only when it has ended do requests fail', async () => {
    const own = scene({ stored: { lifetimeMs: 10 * minute } })
    own.provider = fail(own)
    await own.clock.advance(9.9 * minute)
    send(own.policy)
    await own.clock.advance(minute)
    const waiting = watch(own.policy.authorize({ url }))
    await own.clock.advance(10 * second)
    expect(waiting.code).toBe(code)
    // With one that has ended came the next refresh token, and the former is worth no more: it is kept.
    const isKept = name === 'a token that has ended'
    expect(own.stored?.value === 'secret-access-1').toBe(!isKept)
  })
})

test('a machine that sleeps during a refresh does not lose the refresh token that came meanwhile', async () => {
  const own = scene({ stored: { lifetimeMs: 10 * minute } })
  await own.clock.advance(9.99 * minute)
  let answer: (token: TestToken) => void = () => {}
  own.provider = () => new Promise((resolve) => (answer = resolve))
  const waiting = watch(own.policy.authorize({ url }))
  await own.clock.advance(0)
  const minted = own.mint({ lifetimeMs: 10 * minute })
  await own.clock.jump(hour, { timers: 'frozen' })
  const now = own.clock.now()
  own.provider = async () => own.mint({ issuedAt: now, expiresAt: now + 10 * minute })
  answer(minted)
  await own.clock.advance(2 * second)
  expect(own.calls.map(({ previous }) => previous?.value)).toEqual([
    'secret-access-1',
    'secret-access-2',
  ])
  expect(waiting.code).toBeUndefined()
})
