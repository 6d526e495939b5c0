import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { findTokenError, type Policy } from '@unexpired/core'
import type { UserPool, UserPoolOptions } from '@unexpired/cognito-emulator'
import { Amplify } from 'aws-amplify'
import { fetchAuthSession, getCurrentUser, signOut } from 'aws-amplify/auth'
import { cognitoCredentialsProvider, cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito'
import { afterEach, describe, expect, test } from 'vitest'
import {
  breakRefresh,
  makePolicy,
  pass,
  refreshes,
  signInAs,
  SlowStorage,
  startPool,
  storedAccessToken,
  storedUser,
  useStorage,
} from '../test/emulated-pool.ts'
import { amplifyTokenProvider, type AmplifyTokensOptions } from './index.ts'

/** Amplify with the policy's provider, as in the README. */
const start = async (
  options: UserPoolOptions = {},
  tokens?: AmplifyTokensOptions,
): Promise<{ pool: UserPool; policy: Policy }> => {
  const pool = await startPool(options)
  const policy = makePolicy({}, tokens)
  Amplify.configure(pool.amplifyConfig, { Auth: { tokenProvider: amplifyTokenProvider(policy) } })
  return { pool, policy }
}

const accessToken = async (forceRefresh = false): Promise<string | undefined> =>
  (await fetchAuthSession({ forceRefresh })).tokens?.accessToken.toString()

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

describe.each([
  [0, 0],
  [3, 3],
  [1, 10],
])('with a storage that takes %i ms to read and %i ms to write', (readMs, writeMs) => {
  test.each([undefined, 'id'] as const)(
    'signing in, asking and signing out work (%s token)',
    async (tokenUse) => {
      const { policy } = await start({}, { tokenUse })
      useStorage(new SlowStorage(readMs, writeMs))
      await signInAs('alice')
      expect(await getCurrentUser()).toMatchObject({
        username: 'alice',
        signInDetails: { loginId: 'alice' },
      })
      expect(await accessToken()).toBe(await storedAccessToken())
      await signOut()
      expect(await accessToken()).toBeUndefined()
      await signInAs('bob')
      expect(await getCurrentUser()).toMatchObject({ username: 'bob' })
      expect((await policy.token()).identity).toBe((await fetchAuthSession()).userSub)
    },
  )
})

test('ten calls of Amplify and ten of the policy share one refresh', async () => {
  const { pool, policy } = await start({ rotation: true })
  await signInAs('alice')
  pass(3600_000)
  const calls = Array.from({ length: 10 }, () => [accessToken(), policy.token()]).flat()
  const values = (await Promise.all(calls)).map((token) =>
    typeof token === 'string' ? token : token?.value,
  )
  expect(new Set(values).size).toBe(1)
  expect(refreshes(pool)).toBe(1)
})

test('calls that force a refresh at the same time share it', async () => {
  const { pool } = await start({ rotation: true })
  await signInAs('alice')
  const before = await storedAccessToken()
  const values = await Promise.all([accessToken(true), accessToken(true), accessToken(true)])
  expect(new Set(values).size).toBe(1)
  expect(values[0]).not.toBe(before)
  expect(refreshes(pool)).toBe(1)
})

test('a session that has ended is no session, as in Amplify', async () => {
  const { pool } = await start()
  await signInAs('alice')
  pool.revokeSessions('alice')
  expect(await accessToken(true)).toBeUndefined()
  await expect(getCurrentUser()).rejects.toMatchObject({ name: 'UserUnAuthenticatedException' })
})

test.each([
  [{ kind: 'drop' } as const, 'NetworkError', 'offline'],
  [{ kind: 'throttle' } as const, 'TooManyRequestsException', 'throttled'],
])('a failure that passes has the name that Amplify gives it: %o', async (fault, name, code) => {
  const { pool } = await start()
  await signInAs('alice')
  breakRefresh(pool, fault)
  const thrown: unknown = await accessToken(true).catch((error: unknown) => error)
  expect(thrown).toMatchObject({ name })
  expect(findTokenError(thrown)).toMatchObject({ code })
  expect(await storedUser()).toBe('alice')
})

test('a policy that was disposed says so to the callers of Amplify', async () => {
  const { policy } = await start()
  await signInAs('alice')
  policy.dispose()
  await expect(accessToken()).rejects.toMatchObject({
    name: 'TokenError',
    cause: { code: 'disposed' },
  })
})

test('a sign-in that ends in this page can be stored although nobody has asked for a token yet', async () => {
  const pool = await startPool()
  await signInAs('alice')
  const tokens = await cognitoUserPoolsTokenProvider.authTokenStore.loadTokens()
  useStorage(new SlowStorage(0))
  const tokenProvider = amplifyTokenProvider(makePolicy())
  cognitoUserPoolsTokenProvider.setAuthConfig({} as never)
  Amplify.configure(pool.amplifyConfig, { Auth: { tokenProvider } })
  if (tokens) await cognitoUserPoolsTokenProvider.tokenOrchestrator.setTokens({ tokens })
  expect(await getCurrentUser()).toMatchObject({ username: 'alice' })
})

test('a configuration without Auth does no harm', async () => {
  const { policy } = await start()
  Amplify.configure({}, { Auth: { tokenProvider: amplifyTokenProvider(policy) } })
  const thrown: unknown = await accessToken().catch((error: unknown) => error)
  expect(findTokenError(thrown)).toMatchObject({ code: 'source-failed' })
})

/** An identity pool that refuses everything. */
const startIdentityPool = async (): Promise<{ endpoint: string; asked: () => number }> => {
  let asked = 0
  const server = createServer((_, response) => {
    asked++
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(
      JSON.stringify({ __type: 'NotAuthorizedException', message: 'Invalid login token.' }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
  }
}

test('the identity pool is never asked for a token, and its refusals end no session', async () => {
  const pool = await startPool()
  const identityPool = await startIdentityPool()
  const policy = makePolicy()
  const { Cognito } = pool.amplifyConfig.Auth
  const identity = {
    identityPoolId: 'us-east-1:00000000-0000-0000-0000-000000000000',
    identityPoolEndpoint: identityPool.endpoint,
    allowGuestAccess: true,
  }
  Amplify.configure(
    { Auth: { Cognito: { ...Cognito, ...identity } } },
    {
      Auth: {
        tokenProvider: amplifyTokenProvider(policy),
        credentialsProvider: cognitoCredentialsProvider,
      },
    },
  )
  await signInAs('alice')
  await policy.token()
  await policy.refresh()
  expect(identityPool.asked()).toBe(0)

  await expect(fetchAuthSession()).rejects.toMatchObject({ name: 'NotAuthorizedException' })
  expect(identityPool.asked()).toBeGreaterThan(0)
  expect(policy.snapshot().status).toBe('fresh')
  expect(await storedUser()).toBe('alice')
  await policy.refresh()
})
