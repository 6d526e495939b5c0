import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { signedJwt } from '@unexpired/testing'
import { jwtToken, TokenError } from '../src/index.ts'
import { refuse, send } from './request.ts'
import { hour, minute, scene, second, url, type Scene } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch } from './watch.ts'

expectNothingUnhandled()

const start = Date.UTC(2026, 0, 1) / second
const claims = { sub: 'alice', iat: start, exp: start + 3_600 }

/** What must be in no text: a JWT, and refresh tokens as providers make them, long and short. */
const secrets = {
  jwt: signedJwt(claims, 'a secret for tests'),
  long: 'eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIn0.k7Hc0-qZ3',
  short: 'V1StGXR8_Z5jdHi6B-myT1',
  next: signedJwt({ ...claims, iat: start + 60 }, 'a secret for tests'),
}

/** Every text that somebody may make of a value: printed, thrown, serialised. */
const textsOf = (value: unknown): string[] => [
  String(value),
  JSON.stringify(value) ?? '',
  JSON.stringify({ nested: [value] }),
  inspect(value),
  inspect(value, { depth: Infinity, showHidden: true, showProxy: true }),
  // What `console.dir` does.
  inspect(value, { depth: Infinity, showHidden: true, customInspect: false }),
  ...(value instanceof Error ? [value.stack ?? '', value.message, inspect(value.cause)] : []),
]

const expectQuiet = (value: unknown): void => {
  for (const text of textsOf(value)) {
    for (const secret of Object.values(secrets)) expect(text).not.toContain(secret)
    // Not a part of a JWT either.
    expect(text).not.toContain(secrets.jwt.split('.')[1])
  }
}

const open = (parts: Parameters<typeof scene>[0] = {}): Scene =>
  scene({
    stored: { ...jwtToken(secrets.jwt), refreshToken: secrets.long },
    ...parts,
  })

/** Errors as sources throw them, with everything in them that should not be. */
const leaky: [string, () => unknown][] = [
  ['in its message', () => new Error(`refresh with ${secrets.jwt} failed`)],
  ['in its message, quoted', () => new Error(`{"refresh_token":"${secrets.short}"}`)],
  ['in its message, in an address', () => new Error(`GET https://idp.example/?rt=${secrets.long}`)],
  ['in its message, alone', () => new Error(secrets.short)],
  ['as a string', () => `${secrets.short} was refused`],
  ['in its name', () => Object.assign(new Error('x'), { name: secrets.jwt })],
  ['in its code', () => Object.assign(new Error('x'), { code: secrets.long })],
  ['in a field', () => Object.assign(new Error('x'), { config: { body: secrets.long } })],
  ['in its cause', () => new Error('x', { cause: new Error(secrets.jwt) })],
  ['in a plain object', () => ({ request: secrets.jwt, message: secrets.short })],
  [
    'in the cause of an explained error',
    () => new TokenError('server-error', 'It is down. Wait.', { cause: new Error(secrets.jwt) }),
  ],
  [
    'in an explained error that it wraps',
    () =>
      new Error(secrets.jwt, {
        cause: new TokenError('session-expired', 'Over. Sign in.', { cause: secrets.short }),
      }),
  ],
]

describe('rule 11: quiet secrets', () => {
  test('the token that a caller is given', async () => {
    const own = open()
    expectQuiet(await own.policy.token())
    expectQuiet(await own.policy.token().valueOf())
    expect(await own.policy.token()).toMatchObject({ value: secrets.jwt })
    expect(JSON.parse(JSON.stringify(await own.policy.token()))).toEqual({
      expiresAt: claims.exp * second,
      issuedAt: claims.iat * second,
      identity: 'alice',
    })
  })

  test('what the source keeps beside it is not in the token that a caller is given', async () => {
    expect(await open().policy.token()).not.toHaveProperty('refreshToken')
  })

  test('the token that jwtToken makes; a copy of it is complete', () => {
    expectQuiet(jwtToken(secrets.jwt))
    expect({ ...jwtToken(secrets.jwt) }.value).toBe(secrets.jwt)
    expect(structuredClone(jwtToken(secrets.jwt)).value).toBe(secrets.jwt)
  })

  test('the header, to send and to replay with', async () => {
    const own = open()
    const header = send(own.policy)
    expectQuiet(header)
    expect(header.value).toBe(`Bearer ${secrets.jwt}`)
    expect(JSON.parse(JSON.stringify(header))).toMatchObject({ name: 'authorization' })
    own.provider = async () => ({ ...jwtToken(secrets.next), refreshToken: secrets.short })
    await own.clock.advance(minute)
    const replay = refuse(own.policy, header)
    await own.clock.advance(0)
    expectQuiet(replay.value)
    expect(replay.value?.value).toBe(`Bearer ${secrets.next}`)
    expectQuiet(Object.values(replay.value ?? {}).filter((part) => typeof part === 'object'))
  })

  test('the policy, its settings and its snapshot', () => {
    const own = open({ options: { scheme: 'Token', whenSignedOut: 'refuse' } })
    send(own.policy)
    expectQuiet(own.policy)
    expectQuiet(own.policy.settings)
    expectQuiet(own.policy.snapshot())
    expect(own.policy.snapshot().status).toBe('fresh')
  })

  test.each(leaky)('errors and events after a source threw with a token %s', async (_, make) => {
    const own = open({ options: { keepFresh: true } })
    own.provider = () => Promise.reject(make())
    const header = send(own.policy)
    const waiting = [watch(own.policy.refresh()), refuse(own.policy, header)]
    await own.clock.advance(2 * hour)
    waiting.push(watch(own.policy.token()))
    await own.clock.advance(minute)
    expect(waiting.map(({ code }) => code)).not.toContain(undefined)
    for (const { error } of waiting) expectQuiet(error)
    expect(own.events.length).toBeGreaterThan(2)
    for (const event of own.events) expectQuiet(event)
    expectQuiet(own.policy.snapshot())
    expectQuiet(own.calls.map(({ signal }) => signal.reason))
  })

  test.each(leaky)('errors after a store threw with a token %s', async (_, make) => {
    const own = open({
      source: {
        read: () => {
          throw make()
        },
      },
    })
    const waiting = [watch(own.policy.refresh()), watch(own.policy.authorize({ url }))]
    await own.clock.advance(0)
    expect(waiting.map(({ state }) => state)).toEqual(['rejected', 'rejected'])
    for (const { error } of waiting) expectQuiet(error)
    const storing = open({ source: { store: () => Promise.reject(make()) } })
    storing.provider = async () => ({ ...jwtToken(secrets.next), refreshToken: secrets.short })
    await storing.policy.refresh()
    for (const event of storing.events) expectQuiet(event)
    expect(storing.events).toContainEqual(expect.objectContaining({ type: 'notice' }))
  })

  test('the error of a refresh that gave no usable token', async () => {
    const own = open()
    own.provider = async () => ({ value: `${secrets.jwt}\r\n`, expiresAt: 1e15, refreshToken: '' })
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(minute)
    expect(waiting.code).toBe('bad-token')
    expectQuiet(waiting.error)
    for (const event of own.events) expectQuiet(event)
  })

  test('the error about something that is no JWT', () => {
    for (const text of [secrets.short, `${secrets.jwt}.x.y`, secrets.long]) {
      try {
        jwtToken(text)
        expect.unreachable()
      } catch (error) {
        expectQuiet(error)
      }
    }
  })

  test('the error of a change of user', async () => {
    const own = open()
    const header = send(own.policy)
    own.stored = own.mint({ identity: 'bob' })
    const replay = refuse(own.policy, header)
    await own.clock.advance(0)
    expect(replay.code).toBe('user-changed')
    expectQuiet(replay.error)
    for (const event of own.events) expectQuiet(event)
  })
})

describe('rule 11: what is left to find the fault', () => {
  test('the name, the message, the code and the status of what a source threw', async () => {
    const own = open()
    own.provider = () =>
      Promise.reject(
        Object.assign(new Error('Refresh Token has been revoked'), {
          name: 'NotAuthorizedException',
          code: 'ERR_BAD_REQUEST',
          status: 400,
        }),
      )
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(minute)
    expect(waiting.error).toMatchObject({
      code: 'refresh-failed',
      cause: {
        name: 'NotAuthorizedException',
        message: 'Refresh Token has been revoked',
        code: 'ERR_BAD_REQUEST',
        status: 400,
      },
    })
  })
})
