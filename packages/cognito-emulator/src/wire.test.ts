import { describe, expect, test } from 'vitest'
import { call, initiateAuth, signIn } from '../test/call.ts'
import { createSrpClient, type SrpChallenge } from '../test/srp-client.ts'
import { handClock, startPool } from '../test/start-pool.ts'
import { timestampOf } from './challenge-timestamp.ts'
import type { UserPool } from './index.ts'

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

describe('InitiateAuth', () => {
  test.each<[string, string, Record<string, string>, string]>([
    [
      'a flow that the client does not have',
      'USER_AUTH',
      {},
      'USER_AUTH flow not enabled for this client',
    ],
    [
      'no user name',
      'USER_PASSWORD_AUTH',
      { PASSWORD: 'secret' },
      'Missing required parameter USERNAME',
    ],
    [
      'no password',
      'USER_PASSWORD_AUTH',
      { USERNAME: 'alice' },
      'Missing required parameter PASSWORD',
    ],
    ['no SRP_A', 'USER_SRP_AUTH', { USERNAME: 'alice' }, 'Missing required parameter SRP_A'],
    [
      'an SRP_A that SRP forbids',
      'USER_SRP_AUTH',
      { USERNAME: 'alice', SRP_A: '0' },
      'Invalid value for parameter SRP_A.',
    ],
    ['no refresh token', 'REFRESH_TOKEN_AUTH', {}, 'Missing required parameter REFRESH_TOKEN'],
  ])('refuses %s', async (_, flow, parameters, message) => {
    const pool = await startPool()
    expect(await initiateAuth(pool, flow, parameters)).toMatchObject({
      status: 400,
      body: { __type: 'InvalidParameterException', message },
    })
  })

  test('refuses to do without its parameters', async () => {
    const pool = await startPool()
    const answer = await call(pool, 'InitiateAuth', {
      ClientId: pool.clientId,
      AuthFlow: 'USER_SRP_AUTH',
    })
    expect(answer.body.message).toBe('Missing required parameter USERNAME')
  })

  test('knows REFRESH_TOKEN for REFRESH_TOKEN_AUTH', async () => {
    const pool = await startPool()
    const { RefreshToken } = await signIn(pool)
    const answer = await initiateAuth(pool, 'REFRESH_TOKEN', { REFRESH_TOKEN: RefreshToken })
    expect(answer.body).toEqual({
      AuthenticationResult: {
        AccessToken: expect.any(String),
        IdToken: expect.any(String),
        ExpiresIn: 3600,
        TokenType: 'Bearer',
      },
      ChallengeParameters: {},
    })
  })
})

describe('PASSWORD_VERIFIER', () => {
  interface Attempt {
    readonly pool: UserPool
    readonly client: ReturnType<typeof createSrpClient>
    readonly challenge: SrpChallenge
    respond(answer: Record<string, string>, ChallengeName?: string): ReturnType<typeof call>
  }

  async function challenged(pool: UserPool, name = 'alice'): Promise<Attempt> {
    const client = createSrpClient()
    const { body } = await initiateAuth(pool, 'USER_SRP_AUTH', {
      USERNAME: name,
      SRP_A: client.srpA,
    })
    const respond: Attempt['respond'] = (ChallengeResponses, ChallengeName = 'PASSWORD_VERIFIER') =>
      call(pool, 'RespondToAuthChallenge', {
        ClientId: pool.clientId,
        ChallengeName,
        ChallengeResponses,
      })
    return { pool, client, challenge: body.ChallengeParameters, respond }
  }

  const NOW = timestampOf(new Date())
  const WRONG = {
    status: 400,
    body: { __type: 'NotAuthorizedException', message: 'Incorrect username or password.' },
  }

  test('can be met once', async () => {
    const pool = await startPool()
    const { client, challenge, respond } = await challenged(pool)
    const answer = client.answer(pool.userPoolId, 'secret', challenge, NOW)
    expect((await respond(answer)).status).toBe(200)
    expect(await respond(answer)).toMatchObject(WRONG)
  })

  test('is over after three minutes', async () => {
    const clock = handClock()
    const pool = await startPool({ now: clock.now })
    const [early, late] = [await challenged(pool), await challenged(pool)]
    clock.pass(179)
    const answer = ({ client, challenge }: Attempt): Record<string, string> =>
      client.answer(pool.userPoolId, 'secret', challenge, NOW)
    expect((await early.respond(answer(early))).status).toBe(200)
    clock.pass(1)
    expect(await late.respond(answer(late))).toMatchObject(WRONG)
  })

  test('is for the user who asked for it', async () => {
    const pool = await startPool({ users: { alice: 'secret', bob: 'secret' } })
    const { client, challenge, respond } = await challenged(pool)
    const answer = client.answer(pool.userPoolId, 'secret', challenge, NOW)
    expect(await respond({ ...answer, USERNAME: 'bob' })).toMatchObject(WRONG)
  })

  test('wants the secret block that it gave', async () => {
    const pool = await startPool()
    const { client, challenge, respond } = await challenged(pool)
    const answer = client.answer(pool.userPoolId, 'secret', challenge, NOW)
    expect(await respond({ ...answer, PASSWORD_CLAIM_SECRET_BLOCK: 'AAAA' })).toMatchObject(WRONG)
  })

  test('wants a signature, and no shorter one', async () => {
    const pool = await startPool()
    const { client, challenge, respond } = await challenged(pool)
    const answer = client.answer(pool.userPoolId, 'secret', challenge, NOW)
    expect(await respond({ ...answer, PASSWORD_CLAIM_SIGNATURE: 'AAAA' })).toMatchObject(WRONG)
  })

  test('wants the timestamp in Cognito’s words, and signed as Cognito writes it', async () => {
    const pool = await startPool()
    const inWords = await challenged(pool)
    const iso = inWords.client.answer(
      pool.userPoolId,
      'secret',
      inWords.challenge,
      new Date().toISOString(),
    )
    expect(await inWords.respond(iso)).toMatchObject({
      body: {
        __type: 'InvalidParameterException',
        message: 'TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.',
      },
    })
    const padded = await challenged(pool)
    const answer = padded.client.answer(
      pool.userPoolId,
      'secret',
      padded.challenge,
      'Tue Nov 03 06:05:09 UTC 2026',
    )
    expect(await padded.respond(answer)).toMatchObject(WRONG)
  })

  test('wants all its parameters, and is the only challenge', async () => {
    const pool = await startPool()
    const { respond } = await challenged(pool)
    expect((await respond({ USERNAME: 'alice' })).body.message).toBe(
      'Missing required parameter PASSWORD_CLAIM_SECRET_BLOCK',
    )
    expect((await respond({}, 'SMS_MFA')).body.message).toBe('Invalid session for the user.')
  })

  test('looks the same for a user who is not there, where that is asked for, and cannot be met', async () => {
    const pool = await startPool({ preventUserExistenceErrors: true })
    const [nobody, again, alice] = [
      await challenged(pool, 'nobody'),
      await challenged(pool, 'nobody'),
      await challenged(pool),
    ]
    const shape = (challenge: SrpChallenge): unknown =>
      Object.entries(challenge).map(([name, value]) => [name, typeof value])
    expect(shape(nobody.challenge)).toEqual(shape(alice.challenge))
    expect(nobody.challenge.SALT).toBe(again.challenge.SALT)
    expect(nobody.challenge.SALT).not.toBe(alice.challenge.SALT)
    const answer = nobody.client.answer(pool.userPoolId, 'secret', nobody.challenge, NOW)
    expect(await nobody.respond(answer)).toMatchObject(WRONG)
  })
})
