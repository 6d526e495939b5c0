import { describe, expect, test } from 'vitest'
import { call, refresh, rotate, signIn } from '../test/call.ts'
import { handClock, startPool } from '../test/start-pool.ts'

const REUSE = { status: 400, body: { __type: 'RefreshTokenReuseException' } }
const REVOKED = {
  status: 400,
  body: { __type: 'NotAuthorizedException', message: 'Refresh Token has been revoked' },
}
const EXPIRED = {
  status: 400,
  body: { __type: 'NotAuthorizedException', message: 'Refresh Token has expired' },
}
const OK = { status: 200 }

describe('without rotation', () => {
  test('one refresh token can be spent until the session is over, counted from the sign-in', async () => {
    const clock = handClock()
    const pool = await startPool({ now: clock.now, refreshTokenSeconds: 3600 })
    const { RefreshToken } = await signIn(pool)
    clock.pass(3599)
    expect(await refresh(pool, RefreshToken)).toMatchObject(OK)
    clock.pass(1)
    expect(await refresh(pool, RefreshToken)).toMatchObject(EXPIRED)
  })
})

describe('with rotation', () => {
  test('each refresh token can be spent once, and a second time is reuse', async () => {
    const pool = await startPool({ rotation: { graceSeconds: 0 } })
    const { RefreshToken: first } = await signIn(pool)
    const second = await rotate(pool, first)
    expect(await refresh(pool, first)).toMatchObject(REUSE)
    expect(await refresh(pool, second)).toMatchObject(OK)
    expect(pool.families()).toMatchObject([
      {
        refreshes: 2,
        reuses: 1,
        tokens: [
          { spent: 1, reused: 1 },
          { spent: 1, reused: 0 },
          { spent: 0, reused: 0 },
        ],
      },
    ])
  })

  test('of many at once with the same token exactly one succeeds', async () => {
    const pool = await startPool({ rotation: true })
    const { RefreshToken } = await signIn(pool)
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(pool, RefreshToken)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(pool.families()).toMatchObject([{ refreshes: 1, reuses: 19 }])
  })

  test('a session does not get longer by it', async () => {
    const clock = handClock()
    const pool = await startPool({ now: clock.now, rotation: true, refreshTokenSeconds: 3600 })
    const { RefreshToken } = await signIn(pool)
    clock.pass(3000)
    const next = await rotate(pool, RefreshToken)
    clock.pass(600)
    expect(await refresh(pool, next)).toMatchObject(EXPIRED)
  })

  test('reuse ends the session of whoever holds the newest token too, where that is asked for', async () => {
    const pool = await startPool({ rotation: { revokeFamilyOnReuse: true } })
    const { RefreshToken: first, AccessToken } = await signIn(pool)
    const { RefreshToken: elsewhere } = await signIn(pool)
    const second = await rotate(pool, first)
    expect(await refresh(pool, first)).toMatchObject(REUSE)
    expect(await refresh(pool, second)).toMatchObject(REVOKED)
    expect(await refresh(pool, first)).toMatchObject(REVOKED)
    expect((await call(pool, 'GetUser', { AccessToken })).body.message).toBe(
      'Access Token has been revoked',
    )
    expect(await refresh(pool, elsewhere)).toMatchObject(OK)
    expect(pool.families().map(({ revokedBy }) => revokedBy)).toEqual(['reuse', undefined])
  })

  test('revoking an old token of a session ends all of it', async () => {
    const pool = await startPool({ rotation: true })
    const { RefreshToken: first } = await signIn(pool)
    const second = await rotate(pool, first)
    await call(pool, 'RevokeToken', { ClientId: pool.clientId, Token: first })
    expect(await refresh(pool, second)).toMatchObject(REVOKED)
  })
})

describe('with a grace period', () => {
  test('a spent token gives further tokens until it is over, counted from the first time', async () => {
    const clock = handClock()
    const pool = await startPool({ now: clock.now, rotation: { graceSeconds: 10 } })
    const { RefreshToken } = await signIn(pool)
    clock.pass(1000)
    const one = await rotate(pool, RefreshToken)
    clock.pass(9)
    const two = await rotate(pool, RefreshToken)
    clock.pass(1)
    expect(await refresh(pool, RefreshToken)).toMatchObject(REUSE)
    expect(one).not.toBe(two)
    expect(await refresh(pool, one)).toMatchObject(OK)
    expect(await refresh(pool, two)).toMatchObject(OK)
    expect(pool.families()).toMatchObject([
      {
        refreshes: 4,
        reuses: 1,
        tokens: [{ spent: 2, reused: 1 }, { spent: 1 }, { spent: 1 }, {}, {}],
      },
    ])
  })
})

describe('rotation', () => {
  test('can be turned on and off while the pool runs', async () => {
    const pool = await startPool()
    const { RefreshToken } = await signIn(pool)
    pool.configure({ rotation: true })
    const next = await rotate(pool, RefreshToken)
    expect(next).toEqual(expect.any(String))
    pool.configure({ rotation: false })
    expect((await refresh(pool, next)).body.AuthenticationResult.RefreshToken).toBeUndefined()
    expect(await refresh(pool, next)).toMatchObject(OK)
  })
})
