import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { codeOf, outcomes, refresh, signedIn } from '../../test/signed-in.ts'

describe('a refresh', () => {
  test('gives a new token of the same user and writes nothing to the store', async () => {
    const { clock, idp, source } = signedIn()
    const first = idp.stored!
    await clock.advance(60_000)
    const second = await refresh(source, first)
    expect(second.value).not.toBe(first.value)
    expect(second).toMatchObject({ identity: 'alice', issuedAt: clock.now() })
    expect(idp.stored).toBe(first)
    expect(idp.refreshes).toMatchObject([
      { outcome: 'refreshed', user: 'alice', reason: 'manual', again: false },
    ])
  })

  test('spends the refresh token; the second time ends the session', async () => {
    const { idp, source } = signedIn()
    const first = idp.stored!
    const second = await refresh(source, first)
    expect(await codeOf(refresh(source, first))).toBe('token-reused')
    expect(idp.spentTwice).toBe(1)
    expect(await codeOf(refresh(source, second))).toBe('session-revoked')
  })

  test('can refuse the second time alone, and leave the session', async () => {
    const { idp, source } = signedIn({ reuse: 'refuse' })
    const first = idp.stored!
    const second = await refresh(source, first)
    expect(await codeOf(refresh(source, first))).toBe('token-reused')
    expect(await codeOf(refresh(source, second))).toBe('no error')
  })

  test('accepts a spent refresh token for as long as the grace lasts', async () => {
    const { clock, idp, source } = signedIn({ graceMs: 10_000 })
    const first = idp.stored!
    await refresh(source, first)
    await clock.advance(9_999)
    expect(await codeOf(refresh(source, first))).toBe('no error')
    await clock.advance(1)
    expect(await codeOf(refresh(source, first))).toBe('token-reused')
    expect(idp.spentTwice).toBe(2)
  })

  test('without rotation, keeps the refresh token for ever', async () => {
    const { idp, source } = signedIn({ rotation: false })
    const first = idp.stored!
    const second = await refresh(source, first)
    expect(second.refreshToken).toBe(first.refreshToken)
    expect(await codeOf(refresh(source, first))).toBe('no error')
    expect(idp.spentTwice).toBe(0)
  })

  test('is refused when the session is too old, was ended, or is nobody’s', async () => {
    const { clock, idp, source } = signedIn({ sessionMs: 1_000, rotation: false })
    const alice = idp.stored!
    await clock.advance(1_000)
    expect(await codeOf(refresh(source, alice))).toBe('session-expired')
    const again = idp.signIn('alice')
    const bob = idp.device().signIn('bob')
    idp.endSessions('alice')
    expect(await codeOf(refresh(source, again))).toBe('session-revoked')
    expect(await codeOf(refresh(source, bob))).toBe('no error')
    idp.signOut()
    expect(await codeOf(refresh(source, undefined))).toBe('signed-out')
  })

  test('takes its latency, half of it each way', async () => {
    const { clock, idp, source } = signedIn({ latencyMs: 100 })
    const answer = refresh(source, idp.stored)
    await clock.advance(49)
    expect(idp.refreshes[0]).toMatchObject({ outcome: 'in-air', user: undefined })
    await clock.advance(50)
    expect(idp.refreshes[0]).toMatchObject({ outcome: 'in-air', user: 'alice' })
    expect(idp.inAir).toBe(1)
    await clock.advance(1)
    await answer
    expect(idp.refreshes[0]).toMatchObject({ outcome: 'refreshed', tookMs: 100 })
    expect(idp.inAir).toBe(0)
  })

  test('draws a latency from a range by the seed', async () => {
    const { clock, idp, source } = signedIn({ latencyMs: [10, 20], rotation: false })
    for (let i = 0; i < 20; i++) {
      const answer = refresh(source, idp.stored)
      await clock.advance(20)
      await answer
    }
    const took = idp.refreshes.map(({ tookMs }) => tookMs!)
    expect(Math.min(...took)).toBeGreaterThanOrEqual(10)
    expect(Math.max(...took)).toBeLessThan(20)
    expect(new Set(took).size).toBeGreaterThan(10)
  })

  test('that is aborted rejects at once with the reason, yet the refresh token is spent', async () => {
    const { clock, idp, source } = signedIn({ latencyMs: 100 })
    const first = idp.stored!
    const stop = new AbortController()
    const answer = refresh(source, first, stop.signal)
    stop.abort('enough')
    await expect(answer).rejects.toBe('enough')
    expect(outcomes(idp)).toEqual(['aborted'])
    await clock.advance(100)
    const again = codeOf(refresh(source, first))
    await clock.advance(100)
    expect(await again).toBe('token-reused')
    expect(clock.pending).toBe(0)
  })
})

test('a refresh token that was never issued buys nothing', async () => {
  const { idp, source } = signedIn()
  expect(await codeOf(refresh(source, { ...idp.stored!, refreshToken: 'made up' }))).toBe(
    'session-revoked',
  )
  expect(idp.spentTwice).toBe(0)
})

test('a refresh that is aborted before it starts rejects with the reason', async () => {
  const { idp, source } = signedIn()
  await expect(refresh(source, idp.stored, AbortSignal.abort('too late'))).rejects.toBe('too late')
})

test('the log and the errors hold no token', async () => {
  const { idp, source } = signedIn()
  const first = idp.stored!
  await refresh(source, first)
  const error = await refresh(source, first).catch((e: unknown) => e)
  const shown =
    inspect([idp.refreshes, error], { depth: Infinity }) + JSON.stringify([idp.refreshes, error])
  expect(idp.secrets.size).toBe(4)
  for (const secret of idp.secrets) expect(shown).not.toContain(secret)
})
