import * as fc from 'fast-check'
import type { AccessToken } from '@unexpired/core'
import { describe, expect, test } from 'vitest'
import { isNews, markOf } from './mark.ts'

const token = (parts: Partial<AccessToken> = {}): AccessToken => ({
  value: 'alice-1',
  expiresAt: 1_000,
  identity: 'alice',
  ...parts,
})

const next = token({ value: 'alice-2', expiresAt: 2_000 })

describe('a mark', () => {
  test('is the same for the same token, and another for another', () => {
    expect(markOf(token())).toEqual(markOf(token()))
    expect(markOf(next).print).not.toBe(markOf(token()).print)
    expect(markOf(token({ identity: 'bob' })).who).not.toBe(markOf(token()).who)
  })

  test('holds two numbers of 32 bits and the end, whatever the token', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, identity) => {
        const { print, who, expiresAt, ...rest } = markOf({ value, identity, expiresAt: 5 })
        expect([rest, expiresAt]).toEqual([{}, 5])
        expect([print | 0, who | 0]).toEqual([print, who])
      }),
    )
  })

  test('tells tokens apart', () => {
    const many = fc.uniqueArray(fc.string({ minLength: 20 }), { minLength: 50, maxLength: 50 })
    fc.assert(
      fc.property(many, (values) => {
        const prints = values.map((value) => markOf({ value, expiresAt: 0 }).print)
        // Of four thousand million, two may be the same by chance.
        expect(new Set(prints).size).toBeGreaterThan(48)
      }),
    )
  })
})

describe('a mark is news', () => {
  test('when it speaks of a later token of the same user', () => {
    expect(isNews(markOf(next), token())).toBe(true)
  })

  test('when both end in the same second', () => {
    expect(isNews(markOf(token({ value: 'alice-2' })), token())).toBe(true)
  })

  test('not when it speaks of the token in hand, or of an earlier one', () => {
    expect(isNews(markOf(token()), token())).toBe(false)
    expect(isNews(markOf(token()), next)).toBe(false)
  })

  test('not when it speaks of another user', () => {
    expect(isNews(markOf({ ...next, identity: 'bob' }), token())).toBe(false)
  })

  test.each([
    ['the mark', { ...next, identity: undefined }, token()],
    ['the token in hand', next, token({ identity: undefined })],
  ])('also when %s does not know whose it is', (_, marked, held) => {
    expect(isNews(markOf(marked), held)).toBe(true)
  })

  test('not when there is no mark, or no token in hand', () => {
    expect(isNews(undefined, token())).toBe(false)
    expect(isNews(null, token())).toBe(false)
    expect(isNews(markOf(next), undefined)).toBe(false)
  })
})
