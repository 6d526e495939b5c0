import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { call, refresh, signIn } from '../test/call.ts'
import { handClock, startPool } from '../test/start-pool.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

describe('tokens verify through the JWKS', () => {
  test('with the issuer and the client that they are for', async () => {
    const pool = await startPool()
    const { AccessToken, IdToken } = await signIn(pool)
    const keys = createRemoteJWKSet(new URL(pool.jwksUri))
    const verifying = { issuer: pool.issuer, algorithms: ['RS256'] }
    const access = await jwtVerify(AccessToken, keys, verifying)
    const id = await jwtVerify(IdToken, keys, { ...verifying, audience: pool.clientId })
    expect([access.payload.token_use, id.payload.token_use]).toEqual(['access', 'id'])
  })

  test('found through the OpenID configuration of the issuer', async () => {
    const pool = await startPool()
    const response = await fetch(`${pool.issuer}/.well-known/openid-configuration`)
    const { issuer, jwks_uri } = (await response.json()) as { issuer: string; jwks_uri: string }
    expect(issuer).toBe(pool.issuer)
    const { AccessToken } = await signIn(pool)
    await jwtVerify(AccessToken, createRemoteJWKSet(new URL(jwks_uri)), { issuer })
  })

  test('and not through the keys of another pool', async () => {
    const pool = await startPool()
    const other = await startPool({ signingKeys: undefined })
    const { AccessToken } = await signIn(pool)
    const keys = createRemoteJWKSet(new URL(other.jwksUri))
    await expect(jwtVerify(AccessToken, keys)).rejects.toMatchObject({
      code: 'ERR_JWKS_NO_MATCHING_KEY',
    })
  })

  test('each kind by its own key, as at Cognito', async () => {
    const pool = await startPool()
    const { AccessToken, IdToken } = await signIn(pool)
    const { keys } = (await (await fetch(pool.jwksUri)).json()) as { keys: { kid: string }[] }
    const kids = [IdToken, AccessToken].map((token) => decodeProtectedHeader(token).kid)
    expect(kids).toEqual(keys.map(({ kid }) => kid))
    expect(kids[0]).not.toBe(kids[1])
    expect(JSON.stringify(keys)).not.toContain('"d"')
  })
})

describe('claims', () => {
  test('are those of Cognito in an access token', async () => {
    const clock = handClock()
    const pool = await startPool({ now: clock.now, accessTokenSeconds: 60 })
    const { AccessToken } = await signIn(pool)
    const at = clock.now() / 1000
    expect(decodeProtectedHeader(AccessToken)).toEqual({ kid: expect.any(String), alg: 'RS256' })
    expect(decodeJwt(AccessToken)).toEqual({
      sub: expect.stringMatching(UUID),
      iss: pool.issuer,
      client_id: pool.clientId,
      origin_jti: pool.families()[0]?.id,
      event_id: expect.stringMatching(UUID),
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      auth_time: at,
      iat: at,
      exp: at + 60,
      jti: expect.stringMatching(UUID),
      username: 'alice',
    })
  })

  test('are those of Cognito in an id token', async () => {
    const clock = handClock()
    const pool = await startPool({ now: clock.now, idTokenSeconds: 120 })
    const { IdToken } = await signIn(pool)
    const at = clock.now() / 1000
    expect(decodeJwt(IdToken)).toEqual({
      sub: expect.stringMatching(UUID),
      iss: pool.issuer,
      aud: pool.clientId,
      origin_jti: pool.families()[0]?.id,
      event_id: expect.stringMatching(UUID),
      token_use: 'id',
      auth_time: at,
      iat: at,
      exp: at + 120,
      jti: expect.stringMatching(UUID),
      email: 'alice@example.com',
      email_verified: true,
      'cognito:username': 'alice',
    })
  })

  test('carry the groups in both tokens and the attributes in the id token', async () => {
    const alice = {
      password: 'secret',
      groups: ['admins'],
      attributes: { 'custom:tenant': 'acme' },
      sub: 'sub-1',
    }
    const pool = await startPool({ users: { alice } })
    const { AccessToken, IdToken } = await signIn(pool)
    expect(decodeJwt(AccessToken)).toMatchObject({ sub: 'sub-1', 'cognito:groups': ['admins'] })
    expect(decodeJwt(IdToken)).toMatchObject({
      sub: 'sub-1',
      'cognito:groups': ['admins'],
      'custom:tenant': 'acme',
    })
    expect(decodeJwt(AccessToken)['custom:tenant']).toBeUndefined()
  })

  test('keep the sign-in and change the rest over a refresh', async () => {
    const clock = handClock()
    const pool = await startPool({ now: clock.now })
    const { AccessToken, RefreshToken } = await signIn(pool)
    clock.pass(100)
    const answer = await refresh(pool, RefreshToken)
    const [before, after] = [
      decodeJwt(AccessToken),
      decodeJwt(answer.body.AuthenticationResult.AccessToken),
    ]
    expect(after).toMatchObject({
      origin_jti: before.origin_jti,
      event_id: before.event_id,
      auth_time: before.auth_time,
    })
    expect(after.iat).toBe((before.iat as number) + 100)
    expect(after.jti).not.toBe(before.jti)
  })

  test('name the issuer that was asked for', async () => {
    const issuer = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Emulator1'
    const pool = await startPool({ issuer })
    const { AccessToken } = await signIn(pool)
    expect(decodeJwt(AccessToken).iss).toBe(issuer)
    await jwtVerify(AccessToken, createRemoteJWKSet(new URL(pool.jwksUri)), { issuer })
    expect((await call(pool, 'GetUser', { AccessToken })).status).toBe(200)
  })

  test('give a user the same sub after a restart, and another one another', async () => {
    const sub = async (username: string): Promise<unknown> => {
      const pool = await startPool({ users: { alice: 'secret', bob: 'secret' } })
      return decodeJwt((await signIn(pool, username)).AccessToken).sub
    }
    expect(await sub('alice')).toBe(await sub('alice'))
    expect(await sub('alice')).not.toBe(await sub('bob'))
  })
})

describe('an access token', () => {
  test('is refused by the pool once it has expired', async () => {
    const clock = handClock()
    const pool = await startPool({ now: clock.now, accessTokenSeconds: 60 })
    const { AccessToken } = await signIn(pool)
    clock.pass(59)
    expect((await call(pool, 'GetUser', { AccessToken })).status).toBe(200)
    clock.pass(1)
    expect((await call(pool, 'GetUser', { AccessToken })).body).toEqual({
      __type: 'NotAuthorizedException',
      message: 'Access Token has expired',
    })
  })
})

describe('a clock that is off', () => {
  test('dates the tokens and the answers', async () => {
    const clock = handClock()
    const pool = await startPool({ now: clock.now, clockOffsetSeconds: 7200 })
    const { AccessToken } = await signIn(pool)
    expect(pool.now()).toBe(clock.now() + 7_200_000)
    expect(decodeJwt(AccessToken).iat).toBe(clock.now() / 1000 + 7200)
    const { headers } = await call(pool, 'GetUser', { AccessToken })
    expect(Date.parse(headers.get('date') as string)).toBe(pool.now())
  })

  test('can be put right and wrong while the pool runs', async () => {
    const clock = handClock()
    const pool = await startPool({ now: clock.now })
    pool.configure({ clockOffsetSeconds: -3600 })
    expect(decodeJwt((await signIn(pool)).AccessToken).iat).toBe(clock.now() / 1000 - 3600)
  })
})
