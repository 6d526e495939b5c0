import { describe, expect, test } from 'vitest'
import { call, initiateAuth, signIn } from '../../test/call.ts'
import { startPool } from '../../test/start-pool.ts'

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
