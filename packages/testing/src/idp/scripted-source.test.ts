import { describe, expect, test } from 'vitest'
import { codeOf, refresh, signal, signedIn } from '../../test/signed-in.ts'
import type { IdpToken } from './session-ledger.ts'

describe('a source', () => {
  test('reads and stores at once, or takes its time', async () => {
    const { clock, idp } = signedIn()
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
    const { clock, idp } = signedIn()
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
    const { idp, source } = signedIn()
    source.broken.read = new Error('the store is gone')
    expect(() => source.read()).toThrow('the store is gone')
    delete source.broken.read
    expect(source.read()).toBe(idp.stored)
    source.broken.store = new Error('quota')
    expect(() => source.store!(idp.stored!, { signal })).toThrow('quota')
  })

  test('clears the session that has ended, and not one that was renewed', async () => {
    const { idp, source } = signedIn()
    const first = idp.stored!
    const second = await refresh(source, first)
    void source.store!(second, { signal })
    void source.clear!(first)
    expect(idp.stored).toBe(second)
    void source.clear!(second)
    expect(idp.stored).toBeUndefined()
  })

  test('can keep its session out of sight and refresh it all the same', async () => {
    const { idp } = signedIn()
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
    expect(signedIn().idp.source({ subscribe: false }).subscribe).toBeUndefined()
  })
})
