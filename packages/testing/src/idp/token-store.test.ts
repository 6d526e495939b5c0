import { scriptedIdp } from './scripted-idp.ts'
import { describe, expect, test } from 'vitest'
import { codeOf, refresh, signal, signedIn } from '../../test/signed-in.ts'
import type { IdpToken } from './session-ledger.ts'

describe('a device', () => {
  test('has one store that its sources share, and no other device sees', () => {
    const { idp, source } = signedIn()
    const other = idp.device()
    expect(idp.source().read()).toBe(source.read())
    expect(other.source().read()).toBeUndefined()
    other.signIn('bob')
    expect(idp.stored!.identity).toBe('alice')
  })

  test('tells its sources when somebody signs in, signs out, or stores', async () => {
    const { idp, source } = signedIn()
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
    const { idp, source } = signedIn()
    const first = idp.stored!
    idp.signOut()
    expect(idp.stored).toBeUndefined()
    expect(await codeOf(refresh(source, first))).toBe('session-revoked')
  })

  test('can show what one source has stored to the others later, as tabs do', async () => {
    const { clock, idp } = signedIn()
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
    const { clock, idp } = signedIn()
    const device = idp.device({ lagMs: 30 })
    const first = device.signIn('alice')
    const [one, two] = [device.source(), device.source()]
    await one.store!(await refresh(one, first), { signal })
    device.signOut()
    expect([one.read(), two.read()]).toEqual([undefined, undefined])
    await clock.advance(30)
    expect(two.read()).toBeUndefined()
  })

  test('tells nothing to a source that has stopped listening, not even late', async () => {
    const { clock, idp } = signedIn()
    const device = idp.device({ lagMs: 30 })
    const first = device.signIn('alice')
    const [one, two] = [device.source(), device.source()]
    let heard = 0
    const stop = two.subscribe!(() => heard++)
    await one.store!(await refresh(one, first), { signal })
    stop()
    await clock.advance(30)
    expect(heard).toBe(0)
  })

  test('can be signed out of when nobody is signed in, and put a token of elsewhere into', () => {
    const { idp } = signedIn()
    const device = idp.device()
    device.signOut()
    device.put({ ...idp.stored!, refreshToken: 'made up' })
    device.signOut()
    expect(device.stored).toBeUndefined()
  })

  test('knows nobody who has no account', () => {
    expect(() => scriptedIdp({ users: [] }).signIn()).toThrow('users option')
    expect(() => signedIn().idp.signIn('mallory')).toThrow('users option')
  })
})
