import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expiryOf, isBelievable, skewOf, zoneAt, type ExpiryOptions } from './expiry.ts'
import type { AccessToken } from './token.ts'

const minute = 60_000
const hour = 60 * minute
const start = Date.UTC(2026, 0, 1)
const options: ExpiryOptions = { bufferMs: 5 * minute, minValidityMs: 5_000, skewMs: 0, draw: 0 }
const token = (lifetimeMs: number, issuedAt: number | undefined = start): AccessToken => ({
  value: 'x',
  issuedAt,
  expiresAt: start + lifetimeMs,
})

const tokens = fc
  .record({
    expiresAt: fc.integer({ min: -1e13, max: 8e15 }),
    issuedAt: fc.option(fc.integer({ min: -1e13, max: 8e15 }), { nil: undefined }),
  })
  .map((times): AccessToken => ({ value: 'x', ...times }))
const anyOptions = fc.record({
  bufferMs: fc.oneof(fc.nat(10 * hour), fc.constant(0)),
  minValidityMs: fc.oneof(fc.nat(10 * minute), fc.constant(0)),
  skewMs: fc.integer({ min: -24 * hour, max: 24 * hour }),
  draw: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
})

describe('expiryOf', () => {
  test('an hour’s token is stale five minutes before its end, and expired five seconds before', () => {
    expect(expiryOf(token(hour), options)).toEqual({
      staleAt: start + 55 * minute,
      expiredAt: start + hour - 5_000,
      endsAt: start + hour,
    })
  })

  test('a token of five minutes, the shortest that Cognito issues, is fresh for four of them', () => {
    expect(expiryOf(token(5 * minute), options)).toEqual({
      staleAt: start + 4 * minute,
      expiredAt: start + 5 * minute - 5_000,
      endsAt: start + 5 * minute,
    })
  })

  test('a token of ten seconds is still fresh for eight, and of use for nine', () => {
    expect(expiryOf(token(10_000), options)).toMatchObject({
      staleAt: start + 8_000,
      expiredAt: start + 9_000,
    })
  })

  test('a token of unknown age has the whole buffer', () => {
    expect(expiryOf({ value: 'x', expiresAt: start + minute }, options)).toMatchObject({
      staleAt: start - 4 * minute,
      expiredAt: start + minute - 5_000,
    })
  })

  test('without a buffer it is never stale', () => {
    const { staleAt, expiredAt } = expiryOf(token(hour), { ...options, bufferMs: 0, draw: 0.9 })
    expect(staleAt).toBe(expiredAt)
  })

  test('the largest jitter is a fifth of the buffer, and earlier', () => {
    const { staleAt } = expiryOf(token(hour), { ...options, draw: 1 - Number.EPSILON })
    expect(staleAt).toBeCloseTo(start + 54 * minute, 0)
  })

  test('a server that is ahead makes the end come sooner here', () => {
    const ahead = expiryOf(token(hour), { ...options, skewMs: minute })
    expect(ahead.endsAt).toBe(start + 59 * minute)
  })

  test('the zones are in order, and none reaches past the end', () => {
    fc.assert(
      fc.property(tokens, anyOptions, (any, given) => {
        const { staleAt, expiredAt, endsAt } = expiryOf(any, given)
        expect(staleAt).toBeLessThanOrEqual(expiredAt)
        expect(expiredAt).toBeLessThanOrEqual(endsAt)
        expect(endsAt).toBe(any.expiresAt - given.skewMs)
      }),
    )
  })

  test('jitter makes it stale earlier, never later, by a fifth of the buffer at most', () => {
    fc.assert(
      fc.property(tokens, anyOptions, (any, given) => {
        const without = expiryOf(any, { ...given, draw: 0 })
        const { staleAt, expiredAt } = expiryOf(any, given)
        expect(expiredAt).toBe(without.expiredAt)
        expect(staleAt).toBeLessThanOrEqual(without.staleAt)
        expect(without.staleAt - staleAt).toBeLessThanOrEqual(given.bufferMs / 5 + 1)
      }),
    )
  })

  test('however short it lives, it is fresh for three quarters of that, and of use for nine tenths', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 * hour }), anyOptions, (lifetimeMs, given) => {
        const { staleAt, expiredAt, endsAt } = expiryOf(token(lifetimeMs), given)
        expect(endsAt - staleAt).toBeLessThanOrEqual(lifetimeMs * 0.24 + 1)
        expect(endsAt - expiredAt).toBeLessThanOrEqual(lifetimeMs * 0.1 + 1)
      }),
    )
  })
})

describe('zoneAt', () => {
  test('zones follow each other in time, and each moment is in one of them', () => {
    const moments = fc.integer({ min: -1e13, max: 8e15 })
    const order = ['fresh', 'stale', 'expired']
    const follow = fc.property(tokens, anyOptions, moments, fc.nat(), (any, given, at, laterMs) => {
      const expiry = expiryOf(any, given)
      const edges = [at, expiry.staleAt, expiry.expiredAt, expiry.endsAt]
      for (const edge of edges) {
        const [before, after] = [edge - 1, edge + laterMs].map((now) =>
          order.indexOf(zoneAt(expiry, now)),
        )
        expect(before).toBeGreaterThanOrEqual(0)
        expect(after).toBeGreaterThanOrEqual(before ?? NaN)
      }
      expect(zoneAt(expiry, expiry.staleAt - 1)).toBe('fresh')
      expect(zoneAt(expiry, expiry.expiredAt)).toBe('expired')
    })
    fc.assert(follow, { numRuns: 1_000 })
  })

  test('changes at the very moments that it names', () => {
    const expiry = { staleAt: 10, expiredAt: 20, endsAt: 30 }
    expect([9, 10, 19, 20, 30].map((now) => zoneAt(expiry, now))).toEqual([
      'fresh',
      'stale',
      'stale',
      'expired',
      'expired',
    ])
  })
})

describe('skewOf', () => {
  test('nothing is learned without an issue time', () => {
    expect(skewOf({ value: 'x', expiresAt: 1 }, 0, 0)).toBe(0)
    expect(skewOf({ value: 'x', expiresAt: 1 }, 0, 0, 42)).toBe(42)
  })

  test('what was known is kept where a slow answer allows it, and given up where none does', () => {
    const issued = { value: 'x', issuedAt: 18_000, expiresAt: 1e9 }
    expect(skewOf(issued, 15_449, 20_756, 3_000)).toBe(3_000)
    expect(skewOf(issued, 15_449, 20_756, 4_000)).toBe(3_551)
    expect(skewOf(issued, 15_449, 20_756, -3_000)).toBe(3_551)
  })

  test.each<[string, number, number, number, number]>([
    ['issued while it was on its way', 1_000, 900, 1_100, 0],
    ['issued in the second before it was asked for, which is no skew', 0, 900, 1_100, 0],
    ['issued at the last moment', 1_100, 900, 1_100, 0],
    ['issued later than it was received: ahead', 5_000, 900, 1_100, 5_100],
    ['issued long before it was asked for: behind', 0, 5_000, 5_200, -4_000],
  ])('%s', (_, issuedAt, sentAt, receivedAt, skew) => {
    expect(skewOf({ value: 'x', issuedAt, expiresAt: 1e9 }, sentAt, receivedAt)).toBe(skew)
  })

  test('is never too small, and too large by the trip and a second at most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -23 * hour, max: 23 * hour }),
        fc.integer({ min: 0, max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: start, max: start + 1_000 }),
        (real, tripMs, part, sentAt) => {
          const issuedAt = Math.floor((sentAt + tripMs * part + real) / 1_000) * 1_000
          const learned = skewOf({ value: 'x', issuedAt, expiresAt: 8e15 }, sentAt, sentAt + tripMs)
          // Believing too small a skew would send a token after its end; where none is needed none is invented.
          expect(learned === 0 ? Math.abs(real) <= tripMs + 1_000 : learned >= real).toBe(true)
          expect(Math.abs(learned - real)).toBeLessThanOrEqual(tripMs + 1_000)
        },
      ),
    )
  })

  test.each([25 * hour, -25 * hour, Infinity, -Infinity])('%d ms is not believed', (off) => {
    expect(skewOf({ value: 'x', issuedAt: start + off, expiresAt: 8e15 }, start, start)).toBe(0)
  })

  test('a day is believed, and what is no number is not', () => {
    expect([24 * hour, -24 * hour, 0].map(isBelievable)).toEqual([true, true, true])
    expect([24 * hour + 1, NaN, Infinity, undefined].map(isBelievable)).toEqual(
      Array(4).fill(false),
    )
  })
})
