import {
  fetchAuthSession,
  fetchUserAttributes,
  getCurrentUser,
  signIn,
  signOut,
} from 'aws-amplify/auth'
import { describe, expect, test } from 'vitest'
import { storedTokens, useAmplify } from '../test/amplify.ts'
import { startPool } from '../test/start-pool.ts'

const ALL_TOKENS = ['accessToken', 'idToken', 'refreshToken']

describe('Amplify signs in', () => {
  test('by SRP, which is its default', async () => {
    const pool = await startPool()
    const stored = useAmplify(pool)
    const { isSignedIn } = await signIn({ username: 'alice', password: 'secret' })
    expect(isSignedIn).toBe(true)
    expect(storedTokens(stored)).toEqual(ALL_TOKENS)
    expect(pool.log.map(({ operation, user, outcome }) => [operation, user, outcome])).toEqual([
      ['InitiateAuth', 'alice', 'ok'],
      ['RespondToAuthChallenge', 'alice', 'ok'],
    ])
  })

  test('by SRP with a password of many alphabets', async () => {
    const pool = await startPool({ users: { 'jürgen@example.com': 'pässwörd 密码 🔑' } })
    useAmplify(pool)
    await signIn({ username: 'jürgen@example.com', password: 'pässwörd 密码 🔑' })
    expect(await getCurrentUser()).toMatchObject({ username: 'jürgen@example.com' })
  })

  test('by SRP with an e-mail address in the place of the name', async () => {
    const pool = await startPool({
      users: { u1: { password: 'secret', email: 'alice@example.com' } },
    })
    useAmplify(pool)
    await signIn({ username: 'alice@example.com', password: 'secret' })
    expect(await getCurrentUser()).toMatchObject({
      username: 'u1',
      signInDetails: { loginId: 'alice@example.com' },
    })
  })

  test('by password', async () => {
    const pool = await startPool()
    const stored = useAmplify(pool)
    await signIn({
      username: 'alice',
      password: 'secret',
      options: { authFlowType: 'USER_PASSWORD_AUTH' },
    })
    expect(storedTokens(stored)).toEqual(ALL_TOKENS)
    expect(pool.log.map(({ operation }) => operation)).toEqual(['InitiateAuth'])
  })

  test.each(['USER_SRP_AUTH', 'USER_PASSWORD_AUTH'] as const)(
    'and not with a wrong password by %s',
    async (authFlowType) => {
      const pool = await startPool()
      const stored = useAmplify(pool)
      const attempt = signIn({ username: 'alice', password: 'Secret', options: { authFlowType } })
      await expect(attempt).rejects.toMatchObject({
        name: 'NotAuthorizedException',
        message: 'Incorrect username or password.',
      })
      expect(storedTokens(stored)).toEqual([])
    },
  )

  test.each(['USER_SRP_AUTH', 'USER_PASSWORD_AUTH'] as const)(
    'and not as a user who is not there by %s',
    async (authFlowType) => {
      const pool = await startPool()
      useAmplify(pool)
      const attempt = (): Promise<unknown> =>
        signIn({ username: 'nobody', password: 'secret', options: { authFlowType } })
      await expect(attempt()).rejects.toMatchObject({ name: 'UserNotFoundException' })
      pool.configure({ preventUserExistenceErrors: true })
      await expect(attempt()).rejects.toMatchObject({
        name: 'NotAuthorizedException',
        message: 'Incorrect username or password.',
      })
    },
  )
})

describe('Amplify refreshes', () => {
  test('and keeps its refresh token where tokens do not rotate', async () => {
    const pool = await startPool()
    const stored = useAmplify(pool)
    await signIn({ username: 'alice', password: 'secret' })
    const before = new Map(stored)
    const { tokens } = await fetchAuthSession({ forceRefresh: true })
    const key = `CognitoIdentityServiceProvider.${pool.clientId}.alice`
    expect(stored.get(`${key}.refreshToken`)).toBe(before.get(`${key}.refreshToken`))
    expect(stored.get(`${key}.accessToken`)).not.toBe(before.get(`${key}.accessToken`))
    expect(tokens?.accessToken.toString()).toBe(stored.get(`${key}.accessToken`))
    expect(pool.families()).toMatchObject([{ user: 'alice', refreshes: 1, tokens: [{ spent: 1 }] }])
  })

  test('and takes the next refresh token where they do', async () => {
    const pool = await startPool({ rotation: true })
    const stored = useAmplify(pool)
    await signIn({ username: 'alice', password: 'secret' })
    const key = `CognitoIdentityServiceProvider.${pool.clientId}.alice.refreshToken`
    const first = stored.get(key)
    await fetchAuthSession({ forceRefresh: true })
    expect(stored.get(key)).not.toBe(first)
    await fetchAuthSession({ forceRefresh: true })
    expect(pool.families()).toMatchObject([
      { refreshes: 2, reuses: 0, tokens: [{ spent: 1 }, { spent: 1 }, { spent: 0 }] },
    ])
  })

  test.each([
    ['by itself in the last five seconds of the access token', 4, 1],
    ['not before that', 60, 0],
  ])('%s', async (_, accessTokenSeconds, refreshes) => {
    const pool = await startPool({ accessTokenSeconds })
    useAmplify(pool)
    await signIn({ username: 'alice', password: 'secret' })
    pool.clearLog()
    await fetchAuthSession()
    expect(
      pool.log.filter(({ operation }) => operation === 'GetTokensFromRefreshToken'),
    ).toHaveLength(refreshes)
  })

  test('and is signed out where the session was revoked', async () => {
    const pool = await startPool()
    const stored = useAmplify(pool)
    await signIn({ username: 'alice', password: 'secret' })
    expect(pool.revokeSessions('alice')).toBe(1)
    expect((await fetchAuthSession({ forceRefresh: true })).tokens).toBeUndefined()
    expect(storedTokens(stored)).toEqual([])
  })

  test('and learns how far the clock of the server is off', async () => {
    const pool = await startPool({ clockOffsetSeconds: -3600 })
    const stored = useAmplify(pool)
    await signIn({ username: 'alice', password: 'secret' })
    await fetchAuthSession({ forceRefresh: true })
    const drift = Number(
      stored.get(`CognitoIdentityServiceProvider.${pool.clientId}.alice.clockDrift`),
    )
    expect(drift).toBeGreaterThan(-3_602_000)
    expect(drift).toBeLessThanOrEqual(-3_599_000)
  })
})

describe('Amplify signs out', () => {
  test('and its session can no longer be refreshed', async () => {
    const pool = await startPool()
    const stored = useAmplify(pool)
    await signIn({ username: 'alice', password: 'secret' })
    await signOut()
    expect(storedTokens(stored)).toEqual([])
    expect(pool.families()).toMatchObject([{ revokedBy: 'RevokeToken' }])
  })

  test('everywhere, and all sessions of the user end', async () => {
    const pool = await startPool()
    useAmplify(pool)
    await signIn({ username: 'alice', password: 'secret' })
    useAmplify(pool)
    await signIn({ username: 'alice', password: 'secret' })
    await signOut({ global: true })
    expect(pool.families('alice').map(({ revokedBy }) => revokedBy)).toEqual([
      'GlobalSignOut',
      'GlobalSignOut',
    ])
  })
})

test('Amplify reads the attributes of the user', async () => {
  const pool = await startPool({
    users: {
      alice: { password: 'secret', attributes: { name: 'Alice', 'custom:tenant': 'acme' } },
    },
  })
  useAmplify(pool)
  await signIn({ username: 'alice', password: 'secret' })
  expect(await fetchUserAttributes()).toMatchObject({
    email: 'alice@example.com',
    email_verified: 'true',
    name: 'Alice',
    'custom:tenant': 'acme',
  })
})
