import {
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  InvalidParameterException,
  NotAuthorizedException,
  RefreshTokenReuseException,
  ResourceNotFoundException,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  TooManyRequestsException,
  UnsupportedTokenTypeException,
  UserNotFoundException,
  type AuthenticationResultType,
  type CognitoIdentityProviderClient,
  type RespondToAuthChallengeCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, test } from 'vitest'
import { sdkClient } from '../test/sdk.ts'
import { createSrpClient, type SrpChallenge } from '../test/srp-client.ts'
import { startPool } from '../test/start-pool.ts'
import { timestampOf } from './challenge-timestamp.ts'
import type { UserPool } from './index.ts'

const signInWith = (pool: UserPool, USERNAME: string, PASSWORD: string): InitiateAuthCommand =>
  new InitiateAuthCommand({
    ClientId: pool.clientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME, PASSWORD },
  })

const refreshWith = (
  pool: UserPool,
  RefreshToken: string | undefined,
): GetTokensFromRefreshTokenCommand =>
  new GetTokensFromRefreshTokenCommand({ ClientId: pool.clientId, RefreshToken })

async function signedIn(
  pool: UserPool,
): Promise<{ sdk: CognitoIdentityProviderClient; tokens: AuthenticationResultType }> {
  const sdk = sdkClient(pool)
  const { AuthenticationResult } = await sdk.send(signInWith(pool, 'alice', 'secret'))
  return { sdk, tokens: AuthenticationResult as AuthenticationResultType }
}

describe('the AWS SDK signs in', () => {
  test('by password, without credentials', async () => {
    const { tokens } = await signedIn(await startPool({ accessTokenSeconds: 60 }))
    expect(tokens).toEqual({
      AccessToken: expect.stringMatching(/^ey/),
      IdToken: expect.stringMatching(/^ey/),
      RefreshToken: expect.any(String),
      ExpiresIn: 60,
      TokenType: 'Bearer',
    })
  })

  async function signInBySrp(
    pool: UserPool,
    password: string,
  ): Promise<RespondToAuthChallengeCommandOutput> {
    const sdk = sdkClient(pool)
    const client = createSrpClient()
    const { ChallengeName, ChallengeParameters, Session } = await sdk.send(
      new InitiateAuthCommand({
        ClientId: pool.clientId,
        AuthFlow: 'USER_SRP_AUTH',
        AuthParameters: { USERNAME: 'alice', SRP_A: client.srpA },
      }),
    )
    const challenge = ChallengeParameters as unknown as SrpChallenge
    const now = timestampOf(new Date())
    return sdk.send(
      new RespondToAuthChallengeCommand({
        ClientId: pool.clientId,
        ChallengeName,
        ChallengeResponses: client.answer(pool.userPoolId, password, challenge, now),
        Session,
      }),
    )
  }

  test('by SRP', async () => {
    const pool = await startPool()
    expect(await signInBySrp(pool, 'secret')).toMatchObject({
      AuthenticationResult: { TokenType: 'Bearer' },
    })
    await expect(signInBySrp(pool, 'Secret')).rejects.toBeInstanceOf(NotAuthorizedException)
  })

  test.each([
    ['NotAuthorizedException for a wrong password', 'alice', 'Secret', NotAuthorizedException],
    [
      'UserNotFoundException for a user who is not there',
      'nobody',
      'secret',
      UserNotFoundException,
    ],
  ])('and gets %s', async (_, username, password, exception) => {
    const pool = await startPool()
    await expect(sdkClient(pool).send(signInWith(pool, username, password))).rejects.toBeInstanceOf(
      exception,
    )
  })

  test('and gets ResourceNotFoundException for another client id', async () => {
    const pool = await startPool()
    const elsewhere = { ...pool, clientId: 'another' }
    await expect(
      sdkClient(pool).send(signInWith(elsewhere, 'alice', 'secret')),
    ).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'User pool client another does not exist.',
      $metadata: { httpStatusCode: 400, requestId: expect.any(String) },
    })
    await expect(sdkClient(pool).send(refreshWith(elsewhere, 'x'))).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    )
  })
})

describe('the AWS SDK refreshes', () => {
  const byInitiateAuth = (pool: UserPool, REFRESH_TOKEN: string | undefined): InitiateAuthCommand =>
    new InitiateAuthCommand({
      ClientId: pool.clientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: REFRESH_TOKEN as string },
    })

  test('by GetTokensFromRefreshToken and by REFRESH_TOKEN_AUTH, and gets no refresh token', async () => {
    const pool = await startPool()
    const { sdk, tokens } = await signedIn(pool)
    for (const command of [
      refreshWith(pool, tokens.RefreshToken),
      byInitiateAuth(pool, tokens.RefreshToken),
    ]) {
      const { AuthenticationResult } = await sdk.send(command as GetTokensFromRefreshTokenCommand)
      expect(AuthenticationResult).toMatchObject({
        AccessToken: expect.any(String),
        IdToken: expect.any(String),
      })
      expect(AuthenticationResult?.RefreshToken).toBeUndefined()
    }
    expect(pool.families()).toMatchObject([{ refreshes: 2, tokens: [{ spent: 2 }] }])
  })

  test('only by GetTokensFromRefreshToken where refresh tokens rotate', async () => {
    const pool = await startPool({ rotation: true })
    const { sdk, tokens } = await signedIn(pool)
    await expect(sdk.send(byInitiateAuth(pool, tokens.RefreshToken))).rejects.toBeInstanceOf(
      InvalidParameterException,
    )
    const { AuthenticationResult } = await sdk.send(refreshWith(pool, tokens.RefreshToken))
    expect(AuthenticationResult?.RefreshToken).not.toBe(tokens.RefreshToken)
  })

  test('and gets RefreshTokenReuseException for a token that was rotated away', async () => {
    const pool = await startPool({ rotation: true })
    const { sdk, tokens } = await signedIn(pool)
    await sdk.send(refreshWith(pool, tokens.RefreshToken))
    await expect(sdk.send(refreshWith(pool, tokens.RefreshToken))).rejects.toBeInstanceOf(
      RefreshTokenReuseException,
    )
  })

  test('and gets NotAuthorizedException for a token that nobody gave out', async () => {
    const pool = await startPool()
    await expect(sdkClient(pool).send(refreshWith(pool, 'made-up'))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Invalid Refresh Token',
    })
  })

  test('again by itself when it is throttled, and gets TooManyRequestsException when that does not end', async () => {
    const pool = await startPool()
    const { tokens } = await signedIn(pool)
    const sdk = sdkClient(pool, 3)
    pool.fail({ operation: 'GetTokensFromRefreshToken', times: 2, with: { kind: 'throttle' } })
    const { $metadata } = await sdk.send(refreshWith(pool, tokens.RefreshToken))
    expect($metadata.attempts).toBe(3)
    pool.fail({ operation: 'GetTokensFromRefreshToken', with: { kind: 'throttle' } })
    await expect(sdk.send(refreshWith(pool, tokens.RefreshToken))).rejects.toBeInstanceOf(
      TooManyRequestsException,
    )
  })
})

describe('the AWS SDK signs out', () => {
  test('by RevokeToken, and neither the refresh token nor the access token is good any more', async () => {
    const pool = await startPool()
    const { sdk, tokens } = await signedIn(pool)
    await sdk.send(new RevokeTokenCommand({ ClientId: pool.clientId, Token: tokens.RefreshToken }))
    await expect(sdk.send(refreshWith(pool, tokens.RefreshToken))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Refresh Token has been revoked',
    })
    await expect(
      sdk.send(new GetUserCommand({ AccessToken: tokens.AccessToken })),
    ).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Access Token has been revoked',
    })
  })

  test('by RevokeToken, which takes an unknown token as revoked and refuses an access token', async () => {
    const pool = await startPool()
    const { sdk, tokens } = await signedIn(pool)
    await sdk.send(new RevokeTokenCommand({ ClientId: pool.clientId, Token: 'made-up' }))
    const revokeAccess = sdk.send(
      new RevokeTokenCommand({ ClientId: pool.clientId, Token: tokens.AccessToken }),
    )
    await expect(revokeAccess).rejects.toBeInstanceOf(UnsupportedTokenTypeException)
    expect(pool.families()[0]?.revokedBy).toBeUndefined()
  })

  test('by GlobalSignOut, and every session of that user ends and nobody else’s', async () => {
    const pool = await startPool({ users: { alice: 'secret', bob: 'hidden' } })
    const { sdk, tokens } = await signedIn(pool)
    await signedIn(pool)
    await sdk.send(signInWith(pool, 'bob', 'hidden'))
    await sdk.send(new GlobalSignOutCommand({ AccessToken: tokens.AccessToken }))
    expect(pool.families().map(({ user, revokedBy }) => [user, revokedBy])).toEqual([
      ['alice', 'GlobalSignOut'],
      ['alice', 'GlobalSignOut'],
      ['bob', undefined],
    ])
  })
})

describe('the AWS SDK asks who the user is', () => {
  test('with an access token', async () => {
    const pool = await startPool()
    const { sdk, tokens } = await signedIn(pool)
    const user = await sdk.send(new GetUserCommand({ AccessToken: tokens.AccessToken }))
    expect(user.Username).toBe('alice')
    expect(user.UserAttributes).toContainEqual({ Name: 'email', Value: 'alice@example.com' })
  })

  test.each([
    ['an id token', (tokens: AuthenticationResultType) => tokens.IdToken],
    ['no token at all', () => 'nonsense'],
    [
      'a token with another signature',
      (tokens: AuthenticationResultType) => `${tokens.AccessToken?.slice(0, -8)}AAAAAAAA`,
    ],
  ])('and gets NotAuthorizedException for %s', async (_, pick) => {
    const pool = await startPool()
    const { sdk, tokens } = await signedIn(pool)
    await expect(sdk.send(new GetUserCommand({ AccessToken: pick(tokens) }))).rejects.toMatchObject(
      {
        name: 'NotAuthorizedException',
        message: 'Invalid Access Token',
      },
    )
  })
})
