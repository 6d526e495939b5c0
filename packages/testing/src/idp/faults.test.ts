import { describe, expect, test } from 'vitest'
import { codeOf, outcomes, refresh, signedIn } from '../../test/signed-in.ts'

describe('faults', () => {
  test.each([
    ['throttled', 'throttled'],
    ['server-error', 'server-error'],
    ['html', 'bad-answer'],
    ['offline', 'offline'],
    ['lost-answer', 'offline'],
    [{ name: 'refused', code: 'account-blocked' }, 'account-blocked'],
  ] as const)('%o rejects with %s', async (fault, code) => {
    const { idp, source } = signedIn()
    idp.next(fault)
    expect(await codeOf(refresh(source, idp.stored))).toBe(code)
    expect(outcomes(idp)).toEqual([code])
  })

  test('happen one refresh each, in order, and then no more', async () => {
    const { idp, source } = signedIn({ rotation: false })
    idp.next('html', undefined, 'offline')
    const seen = []
    for (let i = 0; i < 4; i++) seen.push(await codeOf(refresh(source, idp.stored)))
    expect(seen).toEqual(['bad-answer', 'no error', 'offline', 'no error'])
  })

  test('can go on until said otherwise', async () => {
    const { idp, source } = signedIn({ rotation: false })
    idp.always('offline')
    idp.next('html')
    const seen = []
    for (let i = 0; i < 3; i++) seen.push(await codeOf(refresh(source, idp.stored)))
    idp.always(undefined)
    seen.push(await codeOf(refresh(source, idp.stored)))
    expect(seen).toEqual(['bad-answer', 'offline', 'offline', 'no error'])
  })

  test('a lost answer has spent the refresh token, a request that never arrived has not', async () => {
    const { idp, source } = signedIn()
    const first = idp.stored!
    idp.next('offline', 'lost-answer')
    await codeOf(refresh(source, first))
    await codeOf(refresh(source, first))
    expect(await codeOf(refresh(source, first))).toBe('token-reused')
  })

  test('throttling says when to come back', async () => {
    const { clock, idp, source } = signedIn()
    idp.next({ name: 'throttled', retryAfterMs: 7_000 })
    await expect(refresh(source, idp.stored)).rejects.toMatchObject({
      retryAt: clock.now() + 7_000,
    })
  })

  test('a throwing source throws before there is a promise', () => {
    const { idp, source } = signedIn()
    idp.next('throws')
    expect(() => refresh(source, idp.stored)).toThrow('as it was scripted to')
    expect(outcomes(idp)).toEqual(['failed'])
  })

  test('a rejecting source rejects with what it was given', async () => {
    const { idp, source } = signedIn()
    idp.next({ name: 'rejects', error: 42 })
    await expect(refresh(source, idp.stored)).rejects.toBe(42)
  })

  test('no answer is none, even after an abort, unless the source heeds it', async () => {
    const { clock, idp, source } = signedIn()
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
    const { idp, source } = signedIn({ rotation: false })
    idp.next('same-token', 'bad-token')
    expect((await refresh(source, idp.stored)).value).toBe(idp.stored!.value)
    expect((await refresh(source, idp.stored)).value).toContain('\n')
  })

  test('latency is added to one refresh', async () => {
    const { clock, idp, source } = signedIn({ latencyMs: 10 })
    idp.next({ name: 'latency', ms: 500 })
    const answer = refresh(source, idp.stored)
    await clock.advance(510)
    await answer
    expect(idp.refreshes[0]!.tookMs).toBe(510)
  })
})
