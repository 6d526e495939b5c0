import { findTokenError, type TokenErrorCode, type TokenErrorKind } from '@unexpired/core'
import type { CognitoErrorName, Fault } from '@unexpired/cognito-emulator'
import { describe, expect, test } from 'vitest'
import {
  breakRefresh,
  makePolicy,
  refreshes,
  signInAs,
  startPool,
  storedUser,
} from '../test/emulated-pool.ts'

interface Row {
  readonly name: string
  readonly fault: Fault
  readonly code: TokenErrorCode
  readonly kind: TokenErrorKind
  /** Requests of one refresh; Amplify repeats some of them itself. */
  readonly tries: number
  readonly stored: 'kept' | 'cleared'
}

const error = (name: CognitoErrorName, message?: string): Fault => ({
  kind: 'error',
  name,
  message,
})

const ended = { kind: 'signed-out', tries: 1, stored: 'cleared' } as const
const passing = { kind: 'transient', tries: 3, stored: 'kept' } as const
const wrong = { kind: 'misconfigured', tries: 1, stored: 'kept' } as const

const rows: Row[] = [
  {
    name: 'an expired refresh token',
    fault: error('NotAuthorizedException', 'Refresh Token has expired'),
    code: 'session-expired',
    ...ended,
  },
  {
    name: 'an invalid refresh token',
    fault: error('NotAuthorizedException', 'Invalid Refresh Token'),
    code: 'session-expired',
    ...ended,
  },
  {
    name: 'a revoked refresh token',
    fault: error('NotAuthorizedException', 'Refresh Token has been revoked'),
    code: 'session-revoked',
    ...ended,
  },
  {
    name: 'a disabled user',
    fault: error('NotAuthorizedException', 'User is disabled.'),
    code: 'account-blocked',
    ...ended,
  },
  {
    name: 'a client with a secret',
    fault: error(
      'NotAuthorizedException',
      'Client abc is configured with secret but SECRET_HASH was not received',
    ),
    code: 'wrong-client',
    ...wrong,
  },
  {
    name: 'TokenRevokedException',
    fault: error('TokenRevokedException'),
    code: 'session-revoked',
    ...ended,
  },
  {
    name: 'RefreshTokenReuseException',
    fault: error('RefreshTokenReuseException'),
    code: 'token-reused',
    ...ended,
  },
  {
    name: 'UserNotFoundException',
    fault: error('UserNotFoundException'),
    code: 'account-blocked',
    ...ended,
  },
  {
    name: 'PasswordResetRequiredException',
    fault: error('PasswordResetRequiredException'),
    code: 'account-blocked',
    ...ended,
  },
  {
    name: 'UserNotConfirmedException',
    fault: error('UserNotConfirmedException'),
    code: 'account-blocked',
    ...ended,
  },
  { name: 'TooManyRequestsException', fault: { kind: 'throttle' }, code: 'throttled', ...passing },
  {
    name: 'a 429 of a firewall',
    fault: { kind: 'status', status: 429 },
    code: 'throttled',
    ...passing,
  },
  {
    name: 'ThrottlingException',
    fault: error('ThrottlingException'),
    code: 'throttled',
    ...passing,
  },
  {
    name: 'LimitExceededException',
    fault: error('LimitExceededException'),
    code: 'throttled',
    ...passing,
  },
  {
    name: 'InternalErrorException',
    fault: { kind: 'error', name: 'InternalErrorException', status: 500 },
    code: 'server-error',
    ...passing,
  },
  {
    name: 'a 503 with JSON',
    fault: { kind: 'status', status: 503 },
    code: 'server-error',
    ...passing,
  },
  {
    name: 'a failing trigger',
    fault: error('UserLambdaValidationException'),
    code: 'server-error',
    ...passing,
    tries: 1,
  },
  {
    name: 'a dropped connection',
    fault: { kind: 'drop' },
    code: 'offline',
    ...passing,
    kind: 'offline',
  },
  { name: 'a 502 with HTML', fault: { kind: 'html' }, code: 'bad-answer', ...passing, tries: 1 },
  {
    name: 'a 200 with HTML',
    fault: { kind: 'html', status: 200 },
    code: 'bad-answer',
    ...passing,
    tries: 1,
  },
  {
    name: 'a 200 with null',
    fault: { kind: 'status', status: 200, body: 'null' },
    code: 'bad-answer',
    ...passing,
    tries: 1,
  },
  {
    name: 'a 200 without tokens',
    fault: { kind: 'status', status: 200 },
    code: 'bad-answer',
    ...passing,
    tries: 1,
  },
  {
    name: 'ResourceNotFoundException',
    fault: error('ResourceNotFoundException'),
    code: 'wrong-client',
    ...wrong,
  },
  {
    name: 'InvalidParameterException',
    fault: error('InvalidParameterException'),
    code: 'wrong-client',
    ...wrong,
  },
  {
    name: 'UnsupportedOperationException',
    fault: error('UnsupportedOperationException'),
    code: 'unsupported',
    ...wrong,
  },
  {
    name: 'ForbiddenException of a firewall',
    fault: error('ForbiddenException'),
    code: 'throttled',
    ...passing,
    tries: 1,
  },
  {
    name: 'an error that nobody has heard of',
    fault: error('BrandNewException'),
    code: 'refresh-failed',
    ...passing,
    tries: 1,
  },
]

describe('when Cognito answers a refresh with', () => {
  test.each(rows)('$name, it is $code and the stored tokens are $stored', async (row) => {
    const pool = await startPool()
    await signInAs('alice')
    const policy = makePolicy()
    breakRefresh(pool, row.fault)

    const refused = findTokenError(await policy.refresh().catch((thrown: unknown) => thrown))

    expect(refused).toMatchObject({ code: row.code, kind: row.kind })
    expect(refused?.message).toMatch(/^[A-Z][^.]+\. [A-Z][^.]+\.$/)
    expect(refreshes(pool)).toBe(row.tries)
    await expect.poll(storedUser).toBe(row.stored === 'kept' ? 'alice' : undefined)
  })
})

test('a good token is used on while refreshes fail', async () => {
  const pool = await startPool({ accessTokenSeconds: 300, idTokenSeconds: 300 })
  await signInAs('alice')
  const policy = makePolicy({ bufferMs: 300_000 })
  const before = await policy.token()
  breakRefresh(pool, { kind: 'status', status: 503 })
  await policy.refresh().catch(() => {})
  for (let request = 0; request < 10; request++) expect(await policy.token()).toBe(before)
  expect(refreshes(pool)).toBe(3)
})

test('HTML from a proxy is tried again until Cognito answers', async () => {
  const pool = await startPool()
  await signInAs('alice')
  const policy = makePolicy({ retryBaseMs: 20 })
  const before = await policy.token()
  breakRefresh(pool, { kind: 'html' }, 2)
  expect(await policy.refresh()).not.toBe(before)
  expect(refreshes(pool)).toBe(3)
})
