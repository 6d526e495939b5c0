import { inspect } from 'node:util'
import { Amplify } from 'aws-amplify'
import { signOut } from 'aws-amplify/auth'
import { describe, expect, test } from 'vitest'
import {
  breakRefresh,
  makePolicy,
  pass,
  refreshes,
  signInAs,
  soon,
  SlowStorage,
  startPool,
  currentStorage,
  storedAccessToken,
  storedUser,
  useStorage,
} from '../test/emulated-pool.ts'
import { claims, failureOf, context, keysOf } from '../test/source-scene.ts'
import { amplifyTokens } from './index.ts'

describe('the stored token', () => {
  test('is the access token', async () => {
    await startPool()
    await signInAs('alice')
    const { value, expiresAt, identity } = await makePolicy().token()
    expect(claims(value)).toMatchObject({
      token_use: 'access',
      sub: identity,
      exp: expiresAt / 1000,
    })
  })

  test('is the id token where that is asked for', async () => {
    await startPool()
    await signInAs('alice')
    const { value } = await makePolicy({}, { tokenUse: 'id' }).token()
    expect(claims(value)).toMatchObject({ token_use: 'id' })
  })

  test('ends when the first of both ends, as Amplify counts it', async () => {
    await startPool({ idTokenSeconds: 300 })
    await signInAs('alice')
    const { value, expiresAt } = await makePolicy().token()
    expect(claims(value)).toMatchObject({ token_use: 'access' })
    expect(expiresAt - Date.now()).toBeLessThanOrEqual(300_000)
  })

  test('says nothing of clocks where the store says nothing', async () => {
    await startPool()
    await signInAs('alice')
    const { entries } = currentStorage()
    const header = Buffer.from('{}').toString('base64url')
    const payload = Buffer.from('{"exp":4102444800,"sub":"alice"}').toString('base64url')
    for (const key of entries.keys()) {
      if (key.endsWith('.accessToken')) entries.set(key, `${header}.${payload}.x`)
      if (key.endsWith('.clockDrift')) entries.set(key, 'none')
      if (key.endsWith('.refreshToken')) entries.delete(key)
    }
    const token = await amplifyTokens().read()
    expect(token).toMatchObject({ issuedAt: undefined, skewMs: undefined })
    expect(await failureOf(amplifyTokens().refresh(context(token)))).toMatchObject({
      code: 'unsupported',
    })
  })

  test('is a mistake in the set-up where the id token is asked for and there is none', async () => {
    await startPool()
    await signInAs('alice')
    for (const key of currentStorage().entries.keys())
      if (key.endsWith('.idToken')) currentStorage().entries.delete(key)
    const error = await failureOf(makePolicy({}, { tokenUse: 'id' }).token())
    expect(error).toMatchObject({ code: 'bad-token', kind: 'misconfigured' })
  })

  test('is nothing when nobody is signed in', async () => {
    await startPool()
    expect(await failureOf(makePolicy().token())).toMatchObject({ code: 'signed-out' })
    expect(await failureOf(amplifyTokens().refresh(context(undefined)))).toMatchObject({
      kind: 'signed-out',
    })
  })

  test('cannot be read before Amplify is configured, and the error says so', async () => {
    Amplify.configure({})
    const error = await failureOf(makePolicy().token())
    expect(error).toMatchObject({
      code: 'source-failed',
      message: expect.stringContaining('Amplify.configure()') as string,
    })
  })

  test('is not taken for a sign-out when the storage cannot be read', async () => {
    await startPool()
    await signInAs('alice')
    const broken = new SlowStorage(0)
    broken.getItem = () => Promise.reject(new DOMException('denied', 'SecurityError'))
    useStorage(broken)
    expect(await failureOf(makePolicy().token())).toMatchObject({
      code: 'source-failed',
      cause: { name: 'SecurityError' },
    })
  })

  test('shows no secret when it is printed or serialised', async () => {
    await startPool()
    await signInAs('alice')
    const token = await amplifyTokens().read()
    const { accessToken, idToken, refreshToken } = token?.cognito ?? {}
    const secrets = [accessToken, idToken, refreshToken].map(String)
    for (const printed of [JSON.stringify(token), inspect(token, { depth: 9 })]) {
      for (const secret of secrets) expect(printed).not.toContain(secret)
    }
    expect(secrets.every((secret) => secret.length > 20)).toBe(true)
  })
})

describe('a clock that is off', () => {
  test.each([
    ['behind', -3600],
    ['ahead', 3600],
  ])('costs nothing: the server is an hour %s', async (_, clockOffsetSeconds) => {
    const pool = await startPool({ clockOffsetSeconds })
    await signInAs('alice')
    const policy = makePolicy()
    for (let request = 0; request < 10; request++) await policy.token()
    expect(refreshes(pool)).toBe(0)
    pass(3600_000)
    await policy.token()
    expect(refreshes(pool)).toBe(1)
  })
})

describe('a refresh without an answer', () => {
  test('ends at the deadline, and the next call starts anew', async () => {
    const pool = await startPool()
    await signInAs('alice')
    const policy = makePolicy({ refreshTimeoutMs: 150, retryBaseMs: 1 })
    const fault = pool.fail({ operation: 'GetTokensFromRefreshToken', with: { kind: 'no-answer' } })
    expect(await failureOf(policy.refresh())).toMatchObject({ code: 'timeout', kind: 'transient' })
    fault.clear()
    await soon(5)
    await policy.refresh()
    expect(refreshes(pool)).toBe(2)
  })

  test('that comes late is kept: with rotation it holds the only refresh token', async () => {
    const pool = await startPool({ rotation: true })
    await signInAs('alice')
    const before = await storedAccessToken()
    const policy = makePolicy({ refreshTimeoutMs: 100, retryBaseMs: 1 })
    breakRefresh(pool, { kind: 'delay', delayMs: 250, afterWork: true }, 1)
    expect(await failureOf(policy.refresh())).toMatchObject({ code: 'timeout' })
    await expect.poll(storedAccessToken).not.toBe(before)
    await policy.refresh()
    expect(pool.log.map(({ outcome }) => outcome)).not.toContain('RefreshTokenReuseException')
  })

  test('is waited for when the next one finds the refresh token spent', async () => {
    const pool = await startPool({ rotation: true })
    await signInAs('alice')
    const policy = makePolicy({ refreshTimeoutMs: 400, retryBaseMs: 1 })
    breakRefresh(pool, { kind: 'delay', delayMs: 650, afterWork: true }, 1)
    expect(await failureOf(policy.refresh())).toMatchObject({ code: 'timeout' })
    await policy.refresh()
    expect(pool.log.map(({ outcome }) => outcome)).toContain('RefreshTokenReuseException')
    expect(await storedUser()).toBe('alice')
    await policy.refresh()
  })

  test('that ends badly after all leaves the session to what the next one has found', async () => {
    const pool = await startPool()
    await signInAs('alice')
    const policy = makePolicy({ refreshTimeoutMs: 200, retryBaseMs: 1 })
    breakRefresh(pool, { kind: 'html', delayMs: 300 }, 1)
    expect(await failureOf(policy.refresh())).toMatchObject({ code: 'timeout' })
    pool.revokeSessions('alice')
    expect(await failureOf(policy.refresh())).toMatchObject({ code: 'session-revoked' })
  })

  test('that has come is forgotten: a later refusal counts', async () => {
    const pool = await startPool()
    await signInAs('alice')
    const policy = makePolicy()
    await policy.refresh()
    pool.revokeSessions('alice')
    expect(await failureOf(policy.refresh())).toMatchObject({ code: 'session-revoked' })
  })

  test('that is lost after the refresh token was spent ends the session where there is no grace', async () => {
    const pool = await startPool({ rotation: true })
    await signInAs('alice')
    breakRefresh(pool, { kind: 'drop', afterWork: true }, 1)
    expect(await failureOf(makePolicy().refresh())).toMatchObject({ code: 'token-reused' })
    expect(refreshes(pool)).toBe(2)
    await expect.poll(storedUser).toBeUndefined()
  })

  test('that is lost costs nothing where there is grace', async () => {
    const pool = await startPool({ rotation: { graceSeconds: 10 } })
    await signInAs('alice')
    breakRefresh(pool, { kind: 'drop', afterWork: true }, 1)
    await makePolicy().refresh()
    expect(await storedUser()).toBe('alice')
  })
})

describe.each([
  [0, 0],
  [3, 3],
  [1, 10],
])('with a storage that takes %i ms to read and %i ms to write', (readMs, writeMs) => {
  test('a sign-out during a refresh stays signed out', async () => {
    const pool = await startPool({ rotation: true })
    useStorage(new SlowStorage(readMs, writeMs))
    await signInAs('alice')
    const policy = makePolicy()
    await policy.token()
    breakRefresh(pool, { kind: 'delay', delayMs: 150 })
    const refreshing = failureOf(policy.refresh())
    await soon(50)
    await signOut()
    expect(await refreshing).toMatchObject({ code: 'signed-out' })
    expect(policy.snapshot().status).toBe('signed-out')
    await soon(250)
    expect(await storedUser()).toBeUndefined()
    expect(keysOf('alice')).toEqual([])
  })

  test('bob, who signs in during the refresh of alice, stays bob', async () => {
    const pool = await startPool({ rotation: true })
    useStorage(new SlowStorage(readMs, writeMs))
    await signInAs('alice')
    const policy = makePolicy()
    const alice = await policy.token()
    breakRefresh(pool, { kind: 'delay', delayMs: 200 })
    const refreshing = failureOf(policy.refresh())
    await soon(30)
    await signOut()
    await expect.poll(storedUser).toBeUndefined()
    await signInAs('bob')
    await refreshing
    const bob = await policy.token()
    await soon(300)
    expect(bob.identity).not.toBe(alice.identity)
    expect(await storedUser()).toBe('bob')
    expect(await storedAccessToken()).toBe(bob.value)
    expect(keysOf('alice')).toEqual([])
  })

  test('a sign-out is noticed before the storage has let go', async () => {
    await startPool()
    useStorage(new SlowStorage(readMs, writeMs))
    await signInAs('alice')
    const policy = makePolicy()
    await policy.token()
    await signOut()
    expect(await failureOf(policy.token())).toMatchObject({ code: 'signed-out' })
  })
})
