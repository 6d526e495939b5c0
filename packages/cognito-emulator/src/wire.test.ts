import { describe, expect, test } from 'vitest'
import { call, initiateAuth } from '../test/call.ts'
import { handClock, startPool } from '../test/start-pool.ts'

describe('CORS is Cognito’s', () => {
  test('a preflight allows the headers that were asked for', async () => {
    const pool = await startPool()
    const requested = 'cache-control,content-type,x-amz-target,x-amz-user-agent'
    const { status, headers } = await fetch(pool.endpoint, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:3000',
        'access-control-request-method': 'POST',
        'access-control-request-headers': requested,
      },
    })
    expect(status).toBe(200)
    expect(
      Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control'))),
    ).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': requested,
      'access-control-allow-methods': 'POST',
      'access-control-max-age': '172800',
      'access-control-expose-headers': 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date',
    })
    expect(pool.log).toEqual([])
  })

  test('every answer can be read by a page, an error and the keys as well', async () => {
    const pool = await startPool()
    const answers = [
      await call(pool, 'InitiateAuth', {}),
      await fetch(pool.jwksUri),
      await fetch(`${pool.endpoint}/nowhere`),
    ]
    expect(answers.map(({ headers }) => headers.get('access-control-allow-origin'))).toEqual([
      '*',
      '*',
      '*',
    ])
  })
})

describe('an answer', () => {
  test('has a request id and is kept by nobody', async () => {
    const pool = await startPool()
    const { headers } = await call(pool, 'InitiateAuth', {})
    expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/)
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('ends its connection, so that a dropped one is never one that a client would try again by itself', async () => {
    const pool = await startPool()
    expect((await call(pool, 'InitiateAuth', {})).headers.get('connection')).toBe('close')
  })
})

test('what goes wrong in the emulator is answered as Cognito answers its own faults', async () => {
  const clock = handClock()
  let broken = true
  const now = (): number => {
    if (!broken) return clock.now()
    broken = false
    throw new Error('The clock stopped.')
  }
  const pool = await startPool({ now })
  expect(
    await initiateAuth(pool, 'USER_PASSWORD_AUTH', { USERNAME: 'alice', PASSWORD: 'secret' }),
  ).toMatchObject({
    status: 500,
    body: {
      __type: 'InternalErrorException',
      message: 'The emulator failed: Error: The clock stopped.',
    },
  })
})

describe('a request that Cognito would not understand', () => {
  test.each<[string, string, unknown, number, string, string]>([
    [
      'without a body',
      'InitiateAuth',
      '',
      400,
      'SerializationException',
      'The body is not a JSON object.',
    ],
    [
      'with a list',
      'InitiateAuth',
      '[]',
      400,
      'SerializationException',
      'The body is not a JSON object.',
    ],
    [
      'with more than a megabyte',
      'InitiateAuth',
      `"${'x'.repeat(1024 * 1024)}"`,
      413,
      'SerializationException',
      'The request is larger than 1 MB.',
    ],
    [
      'for an operation that the emulator does not have',
      'SignUp',
      {},
      400,
      'UnknownOperationException',
      'The emulator does not have SignUp. It has GetTokensFromRefreshToken, GetUser, GlobalSignOut, InitiateAuth, RespondToAuthChallenge, RevokeToken.',
    ],
    [
      'for something every object has',
      'toString',
      {},
      400,
      'UnknownOperationException',
      'The emulator does not have toString. It has GetTokensFromRefreshToken, GetUser, GlobalSignOut, InitiateAuth, RespondToAuthChallenge, RevokeToken.',
    ],
    [
      'for nothing',
      '',
      {},
      400,
      'UnknownOperationException',
      'The emulator does not have unknown. It has GetTokensFromRefreshToken, GetUser, GlobalSignOut, InitiateAuth, RespondToAuthChallenge, RevokeToken.',
    ],
    [
      'without a client id',
      'GetTokensFromRefreshToken',
      { RefreshToken: 'x' },
      400,
      'InvalidParameterException',
      "1 validation error detected: Value null at 'clientId' failed to satisfy constraint: Member must not be null",
    ],
    [
      'without an access token',
      'GetUser',
      {},
      400,
      'InvalidParameterException',
      "1 validation error detected: Value null at 'accessToken' failed to satisfy constraint: Member must not be null",
    ],
  ])('%s', async (_, operation, body, status, __type, message) => {
    const pool = await startPool()
    const answer = await call(pool, operation, body)
    expect(answer).toMatchObject({ status, body: { __type, message } })
    expect(answer.headers.get('x-amzn-errortype')).toBe(`${__type}:`)
  })

  test('for another service', async () => {
    const pool = await startPool()
    const headers = { 'x-amz-target': 'AWSCognitoIdentityService.GetId' }
    expect(await call(pool, 'GetId', {}, { headers })).toMatchObject({
      body: { __type: 'UnknownOperationException' },
    })
    expect(await call(pool, 'GetId', {}, { headers: {} })).toMatchObject({
      body: { __type: 'UnknownOperationException' },
    })
  })

  test('at another path', async () => {
    const pool = await startPool()
    const { status, text } = await call(
      { ...pool, endpoint: `${pool.endpoint}/oauth2/token?a=b` },
      'InitiateAuth',
      {},
    )
    expect([status, text]).toEqual([
      404,
      '{"message":"Nothing is here. Operations are POSTed to /."}',
    ])
  })

  test('with a client id that no header can carry', async () => {
    const pool = await startPool()
    const answer = await call(pool, 'GetTokensFromRefreshToken', {
      ClientId: 'é\r\nx',
      RefreshToken: 'x',
    })
    expect(answer.headers.get('x-amzn-errormessage')).toBe('User pool client ???x does not exist.')
    expect(answer.body.message).toBe('User pool client é\r\nx does not exist.')
  })
})
