import { inspect } from 'node:util'
import { findTokenError } from '@unexpired/core'
import { describe, expect, test } from 'vitest'
import { virtualClock } from '../virtual-clock.ts'
import { scriptedIdp } from './scripted-idp.ts'
import type { ScriptedIdp, ScriptedIdpOptions } from './scripted-idp.ts'
import type { ScriptedSource } from './scripted-source.ts'
import type { IdpToken } from './session-ledger.ts'

const setUp = (options: ScriptedIdpOptions = {}) => {
  const clock = virtualClock()
  const idp = scriptedIdp({ runtime: clock, ...options })
  idp.signIn('alice')
  return { clock, idp, source: idp.source() }
}
const signal = new AbortController().signal
const refresh = (source: ScriptedSource, previous: IdpToken | undefined, stop = signal) =>
  source.refresh({ reason: 'manual', signal: stop, previous })
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => findTokenError(error)?.code ?? error,
  )
const outcomes = (idp: ScriptedIdp) => idp.refreshes.map(({ outcome, code }) => code ?? outcome)

describe('tokens', () => {
  test('are JWTs that say whose they are and when they end', () => {
    const { clock, idp } = setUp({ lifetimeMs: 300_000 })
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
    const whole = setUp({ lifetimeMs: 2_000 })
    await whole.clock.advance(1_700)
    expect(whole.idp.signIn('bob').issuedAt).toBe(whole.clock.now() - 700)
    const exact = setUp({ lifetimeMs: 250 })
    await exact.clock.advance(1_700)
    expect(exact.idp.signIn('bob').issuedAt).toBe(exact.clock.now())
  })

  test('are the same for the same seed', () => {
    expect(setUp({ seed: 4 }).idp.stored).toEqual(setUp({ seed: 4 }).idp.stored)
    expect(setUp({ seed: 4 }).idp.stored).not.toEqual(setUp({ seed: 5 }).idp.stored)
  })

  test('are issued by a clock that may be off', () => {
    const { clock, idp } = setUp({ skewMs: 3_600_000 })
    expect(idp.stored!.issuedAt).toBe(clock.now() + 3_600_000)
    idp.skewMs = -5_000
    expect(idp.signIn('bob').issuedAt).toBe(clock.now() - 5_000)
  })

  test('are known to an API as valid, expired, revoked or unknown', async () => {
    const { clock, idp } = setUp({ lifetimeMs: 60_000 })
    const { value } = idp.stored!
    expect(idp.check(value)).toEqual({ status: 'valid', user: 'alice' })
    await clock.advance(60_000)
    expect(idp.check(value)).toEqual({ status: 'expired', user: 'alice' })
    idp.revokeAccess(value)
    expect(idp.check(value)).toEqual({ status: 'revoked', user: 'alice' })
    expect(idp.check('made up')).toEqual({ status: 'unknown', user: undefined })
  })
})

describe('a refresh', () => {
  test('gives a new token of the same user and writes nothing to the store', async () => {
    const { clock, idp, source } = setUp()
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
    const { idp, source } = setUp()
    const first = idp.stored!
    const second = await refresh(source, first)
    expect(await codeOf(refresh(source, first))).toBe('token-reused')
    expect(idp.spentTwice).toBe(1)
    expect(await codeOf(refresh(source, second))).toBe('session-revoked')
  })

  test('can refuse the second time alone, and leave the session', async () => {
    const { idp, source } = setUp({ reuse: 'refuse' })
    const first = idp.stored!
    const second = await refresh(source, first)
    expect(await codeOf(refresh(source, first))).toBe('token-reused')
    expect(await codeOf(refresh(source, second))).toBe('no error')
  })

  test('accepts a spent refresh token for as long as the grace lasts', async () => {
    const { clock, idp, source } = setUp({ graceMs: 10_000 })
    const first = idp.stored!
    await refresh(source, first)
    await clock.advance(9_999)
    expect(await codeOf(refresh(source, first))).toBe('no error')
    await clock.advance(1)
    expect(await codeOf(refresh(source, first))).toBe('token-reused')
    expect(idp.spentTwice).toBe(2)
  })

  test('without rotation, keeps the refresh token for ever', async () => {
    const { idp, source } = setUp({ rotation: false })
    const first = idp.stored!
    const second = await refresh(source, first)
    expect(second.refreshToken).toBe(first.refreshToken)
    expect(await codeOf(refresh(source, first))).toBe('no error')
    expect(idp.spentTwice).toBe(0)
  })

  test('is refused when the session is too old, was ended, or is nobody’s', async () => {
    const { clock, idp, source } = setUp({ sessionMs: 1_000, rotation: false })
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
    const { clock, idp, source } = setUp({ latencyMs: 100 })
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
    const { clock, idp, source } = setUp({ latencyMs: [10, 20], rotation: false })
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
    const { clock, idp, source } = setUp({ latencyMs: 100 })
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

describe('faults', () => {
  test.each([
    ['throttled', 'throttled'],
    ['server-error', 'server-error'],
    ['html', 'bad-answer'],
    ['offline', 'offline'],
    ['lost-answer', 'offline'],
    [{ name: 'refused', code: 'account-blocked' }, 'account-blocked'],
  ] as const)('%o rejects with %s', async (fault, code) => {
    const { idp, source } = setUp()
    idp.next(fault)
    expect(await codeOf(refresh(source, idp.stored))).toBe(code)
    expect(outcomes(idp)).toEqual([code])
  })

  test('happen one refresh each, in order, and then no more', async () => {
    const { idp, source } = setUp({ rotation: false })
    idp.next('html', undefined, 'offline')
    const seen = []
    for (let i = 0; i < 4; i++) seen.push(await codeOf(refresh(source, idp.stored)))
    expect(seen).toEqual(['bad-answer', 'no error', 'offline', 'no error'])
  })

  test('can go on until said otherwise', async () => {
    const { idp, source } = setUp({ rotation: false })
    idp.always('offline')
    idp.next('html')
    const seen = []
    for (let i = 0; i < 3; i++) seen.push(await codeOf(refresh(source, idp.stored)))
    idp.always(undefined)
    seen.push(await codeOf(refresh(source, idp.stored)))
    expect(seen).toEqual(['bad-answer', 'offline', 'offline', 'no error'])
  })

  test('a lost answer has spent the refresh token, a request that never arrived has not', async () => {
    const { idp, source } = setUp()
    const first = idp.stored!
    idp.next('offline', 'lost-answer')
    await codeOf(refresh(source, first))
    await codeOf(refresh(source, first))
    expect(await codeOf(refresh(source, first))).toBe('token-reused')
  })

  test('throttling says when to come back', async () => {
    const { clock, idp, source } = setUp()
    idp.next({ name: 'throttled', retryAfterMs: 7_000 })
    await expect(refresh(source, idp.stored)).rejects.toMatchObject({
      retryAt: clock.now() + 7_000,
    })
  })

  test('a throwing source throws before there is a promise', () => {
    const { idp, source } = setUp()
    idp.next('throws')
    expect(() => refresh(source, idp.stored)).toThrow('as it was scripted to')
    expect(outcomes(idp)).toEqual(['failed'])
  })

  test('a rejecting source rejects with what it was given', async () => {
    const { idp, source } = setUp()
    idp.next({ name: 'rejects', error: 42 })
    await expect(refresh(source, idp.stored)).rejects.toBe(42)
  })

  test('no answer is none, even after an abort, unless the source heeds it', async () => {
    const { clock, idp, source } = setUp()
    const stop = new AbortController()
    const settled: string[] = []
    idp.next('no-answer', { name: 'no-answer', heedsSignal: true })
    for (const name of ['deaf', 'heeding'])
      refresh(source, idp.stored, stop.signal).catch(() => settled.push(name))
    await clock.advance(3_600_000)
    expect(settled).toEqual([])
    stop.abort()
    await clock.advance(3_600_000)
    expect(settled).toEqual(['heeding'])
    expect(clock.pending).toBe(0)
  })

  test('the same token, and one that cannot be sent, come as answers', async () => {
    const { idp, source } = setUp({ rotation: false })
    idp.next('same-token', 'bad-token')
    expect((await refresh(source, idp.stored)).value).toBe(idp.stored!.value)
    expect((await refresh(source, idp.stored)).value).toContain('\n')
  })

  test('latency is added to one refresh', async () => {
    const { clock, idp, source } = setUp({ latencyMs: 10 })
    idp.next({ name: 'latency', ms: 500 })
    const answer = refresh(source, idp.stored)
    await clock.advance(510)
    await answer
    expect(idp.refreshes[0]!.tookMs).toBe(510)
  })
})

describe('a device', () => {
  test('has one store that its sources share, and no other device sees', () => {
    const { idp, source } = setUp()
    const other = idp.device()
    expect(idp.source().read()).toBe(source.read())
    expect(other.source().read()).toBeUndefined()
    other.signIn('bob')
    expect(idp.stored!.identity).toBe('alice')
  })

  test('tells its sources when somebody signs in, signs out, or stores', async () => {
    const { idp, source } = setUp()
    const seen: (string | undefined)[] = []
    const stop = source.subscribe!(() =>
      seen.push((source.read() as IdpToken | undefined)?.identity),
    )
    idp.signIn('bob')
    idp.signOut()
    idp.put(idp.device().signIn('alice'))
    expect(source.listeners).toBe(1)
    stop()
    stop()
    idp.signOut()
    expect(seen).toEqual(['bob', undefined, 'alice'])
    expect(source.listeners).toBe(0)
  })

  test('ends the session at sign-out', async () => {
    const { idp, source } = setUp()
    const first = idp.stored!
    idp.signOut()
    expect(idp.stored).toBeUndefined()
    expect(await codeOf(refresh(source, first))).toBe('session-revoked')
  })

  test('can show what one source has stored to the others later, as tabs do', async () => {
    const { clock, idp } = setUp()
    const device = idp.device({ lagMs: 30 })
    const first = device.signIn('alice')
    const [one, two] = [device.source(), device.source()]
    const heard: unknown[] = []
    two.subscribe!(() => heard.push(two.read()))
    const second = await refresh(one, first)
    await one.store!(second, { signal })
    expect([one.read(), two.read(), heard]).toEqual([second, first, []])
    await clock.advance(30)
    expect([two.read(), heard]).toEqual([second, [second]])
  })

  test('shows a sign-out to all at once, whatever is still on its way', async () => {
    const { clock, idp } = setUp()
    const device = idp.device({ lagMs: 30 })
    const first = device.signIn('alice')
    const [one, two] = [device.source(), device.source()]
    await one.store!(await refresh(one, first), { signal })
    device.signOut()
    expect([one.read(), two.read()]).toEqual([undefined, undefined])
    await clock.advance(30)
    expect(two.read()).toBeUndefined()
  })

  test('knows nobody who has no account', () => {
    expect(() => setUp().idp.signIn('mallory')).toThrow('users option')
  })
})

describe('a source', () => {
  test('reads and stores at once, or takes its time', async () => {
    const { clock, idp } = setUp()
    const slow = idp.source({ readMs: 20, storeMs: 30 })
    let read: IdpToken | undefined
    void Promise.resolve(slow.read()).then((token) => (read = token))
    await clock.advance(19)
    expect(read).toBeUndefined()
    await clock.advance(1)
    expect(read).toBe(idp.stored)
    const before = idp.stored
    const stored = slow.store!({ ...before!, value: 'x' }, { signal })
    await clock.advance(29)
    expect(idp.stored).toBe(before)
    await clock.advance(1)
    await stored
    expect(idp.stored!.value).toBe('x')
    expect(slow.reads).toBe(1)
  })

  test('gives up a slow write when it is told to', async () => {
    const { clock, idp } = setUp()
    const stop = new AbortController()
    const before = idp.stored!
    const written = Promise.resolve(
      idp.source({ storeMs: 30 }).store!({ ...before, value: 'x' }, { signal: stop.signal }),
    )
    stop.abort('signed out')
    await expect(written).rejects.toBe('signed out')
    await clock.advance(30)
    expect(idp.stored).toBe(before)
  })

  test('breaks where it is told to, until mended', () => {
    const { idp, source } = setUp()
    source.broken.read = new Error('the store is gone')
    expect(() => source.read()).toThrow('the store is gone')
    delete source.broken.read
    expect(source.read()).toBe(idp.stored)
    source.broken.store = new Error('quota')
    expect(() => source.store!(idp.stored!, { signal })).toThrow('quota')
  })

  test('clears the session that has ended, and not one that was renewed', async () => {
    const { idp, source } = setUp()
    const first = idp.stored!
    const second = await refresh(source, first)
    void source.store!(second, { signal })
    void source.clear!(first)
    expect(idp.stored).toBe(second)
    void source.clear!(second)
    expect(idp.stored).toBeUndefined()
  })

  test('can keep its session out of sight and refresh it all the same', async () => {
    const { idp } = setUp()
    const source = idp.source({ hiddenSession: true })
    expect([source.hiddenSession, source.read()]).toEqual([true, undefined])
    const token = await refresh(source, undefined)
    void source.store!(token, { signal })
    expect(source.read()).toBe(token)
    idp.signOut()
    expect(source.read()).toBeUndefined()
    expect(await codeOf(refresh(source, undefined))).toBe('signed-out')
  })

  test('can be silent about changes', () => {
    expect(setUp().idp.source({ subscribe: false }).subscribe).toBeUndefined()
  })
})

test('the log and the errors hold no token', async () => {
  const { idp, source } = setUp()
  const first = idp.stored!
  await refresh(source, first)
  const error = await refresh(source, first).catch((e: unknown) => e)
  const shown =
    inspect([idp.refreshes, error], { depth: Infinity }) + JSON.stringify([idp.refreshes, error])
  expect(idp.secrets.size).toBe(4)
  for (const secret of idp.secrets) expect(shown).not.toContain(secret)
})
