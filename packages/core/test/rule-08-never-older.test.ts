import { describe, expect, test } from 'vitest'
import { after } from './provider.ts'
import { send, sentToken } from './request.ts'
import { hour, minute, scene, second, type TokenParts } from './scene.ts'
import { watch } from './watch.ts'

describe('rule 8: never older', () => {
  test('a refresh that gives a token issued earlier changes nothing', async () => {
    const own = scene()
    const before = own.mint({ issuedAt: own.clock.now() - minute, lifetimeMs: 2 * hour })
    own.provider = async () => before
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(10 * second)
    expect(waiting.code).toBe('not-newer')
    expect(sentToken(send(own.policy))).toBe('secret-access-1')
    expect(own.stored?.value).toBe('secret-access-1')
  })

  test('a store that shows an older token than the one in hand is late, and is not believed', async () => {
    const own = scene()
    const older = own.mint({ issuedAt: own.clock.now() - minute })
    send(own.policy)
    own.stored = older
    expect(sentToken(send(own.policy))).toBe('secret-access-1')
  })

  test('a store that still shows the token which was refreshed is not believed, in the same second either', async () => {
    for (const parts of [{}, { issuedAt: undefined }] satisfies TokenParts[]) {
      const own = scene({ stored: parts, source: { store: () => {} } })
      const next = own.mint(parts)
      own.provider = async () => next
      await own.policy.refresh()
      expect(sentToken(send(own.policy))).toBe(next.value)
    }
  })

  test('a result of a refresh that another tab has overtaken is dropped, and theirs is used', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    own.provider = () => after(own.clock, second, () => own.mint())
    const waiting = watch(own.policy.token())
    await own.clock.advance(500)
    const theirs = own.mint()
    own.stored = theirs
    await own.clock.advance(second)
    expect(waiting.value?.value).toBe(theirs.value)
    expect(own.stored).toBe(theirs)
    expect(own.refreshes()).toMatchObject([{ outcome: 'dropped', error: undefined }])
  })

  test('where issue times are not known, the token that ends later is the newer one', async () => {
    const own = scene({ stored: { issuedAt: undefined } })
    const earlier = own.mint({ issuedAt: undefined, lifetimeMs: hour - minute })
    own.provider = async () => earlier
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(10 * second)
    expect(waiting.code).toBe('not-newer')
    const later = own.mint({ issuedAt: undefined, lifetimeMs: 2 * hour })
    own.provider = async () => later
    const next = watch(own.policy.refresh())
    await own.clock.advance(10 * second)
    expect(next.value?.value).toBe(later.value)
  })

  test('a token that was issued later is newer, though it ends earlier', async () => {
    const own = scene()
    await own.clock.advance(second)
    const next = own.mint({ lifetimeMs: 10 * minute })
    own.provider = async () => next
    expect(await own.policy.refresh()).toMatchObject({ value: next.value })
  })

  test('a flight that was landed by a token of another tab at the deadline is told of as dropped', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    own.provider = () => new Promise(() => {})
    const waiting = watch(own.policy.token())
    await own.clock.advance(second)
    own.stored = own.mint()
    expect(sentToken(send(own.policy))).toBe('secret-access-2')
    await own.clock.advance(9 * second)
    expect(waiting.value?.value).toBe('secret-access-2')
    expect(own.refreshes()).toMatchObject([{ outcome: 'dropped', error: undefined }])
  })
})
