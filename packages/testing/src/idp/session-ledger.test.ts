import { describe, expect, test } from 'vitest'
import { signedIn } from '../../test/signed-in.ts'

describe('tokens', () => {
  test('are JWTs that say whose they are and when they end', () => {
    const { clock, idp } = signedIn({ lifetimeMs: 300_000 })
    const { value, ...rest } = idp.stored!
    const claims = JSON.parse(Buffer.from(value.split('.')[1]!, 'base64url').toString())
    expect(claims).toMatchObject({
      sub: 'alice',
      iat: clock.now() / 1_000,
      exp: clock.now() / 1_000 + 300,
    })
    expect(rest).toMatchObject({
      issuedAt: clock.now(),
      expiresAt: clock.now() + 300_000,
      identity: 'alice',
    })
  })

  test('carry whole seconds, as real ones do, unless their lifetime is no whole number of them', async () => {
    const whole = signedIn({ lifetimeMs: 2_000 })
    await whole.clock.advance(1_700)
    expect(whole.idp.signIn('bob').issuedAt).toBe(whole.clock.now() - 700)
    const exact = signedIn({ lifetimeMs: 250 })
    await exact.clock.advance(1_700)
    expect(exact.idp.signIn('bob').issuedAt).toBe(exact.clock.now())
  })

  test('are the same for the same seed', () => {
    expect(signedIn({ seed: 4 }).idp.stored).toEqual(signedIn({ seed: 4 }).idp.stored)
    expect(signedIn({ seed: 4 }).idp.stored).not.toEqual(signedIn({ seed: 5 }).idp.stored)
  })

  test('are issued by a clock that may be off', () => {
    const { clock, idp } = signedIn({ skewMs: 3_600_000 })
    expect(idp.stored!.issuedAt).toBe(clock.now() + 3_600_000)
    idp.skewMs = -5_000
    expect(idp.signIn('bob').issuedAt).toBe(clock.now() - 5_000)
  })

  test('are known to an API as valid, expired, revoked or unknown', async () => {
    const { clock, idp } = signedIn({ lifetimeMs: 60_000 })
    const { value } = idp.stored!
    expect(idp.check(value)).toEqual({ status: 'valid', user: 'alice' })
    await clock.advance(60_000)
    expect(idp.check(value)).toEqual({ status: 'expired', user: 'alice' })
    idp.revokeAccess(value)
    expect(idp.check(value)).toEqual({ status: 'revoked', user: 'alice' })
    idp.revokeAccess('made up')
    expect(idp.check('made up')).toEqual({ status: 'unknown', user: undefined })
  })
})
