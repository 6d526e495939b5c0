import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backoffMs, retryAfter } from './retry.ts'

const day = 86_400_000
const now = Date.UTC(2026, 0, 1)
const draws = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('backoffMs', () => {
  test.each([
    [1, 250, 1_000],
    [2, 500, 2_000],
    [3, 1_000, 4_000],
    [6, 8_000, 32_000],
    [7, 15_000, 60_000],
    [1_000, 15_000, 60_000],
  ])('after %d failures it is from %d to %d ms', (failures, least, most) => {
    expect(backoffMs(failures, 1_000, 60_000, 0)).toBe(least)
    expect(backoffMs(failures, 1_000, 60_000, 1)).toBe(most)
  })

  test('is never at once, never longer than the longest, and grows with the failures', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: day }),
        fc.integer({ min: 1, max: day }),
        draws,
        (failures, baseMs, maxMs, draw) => {
          const ms = backoffMs(failures, baseMs, maxMs, draw)
          expect(ms).toBeGreaterThanOrEqual(Math.min(baseMs, maxMs) / 4)
          expect(ms).toBeLessThanOrEqual(maxMs)
          expect(backoffMs(failures + 1, baseMs, maxMs, draw)).toBeGreaterThanOrEqual(ms)
        },
      ),
    )
  })

  test('differs where the draw differs', () => {
    fc.assert(
      fc.property(fc.uniqueArray(draws, { minLength: 2, maxLength: 2 }), ([a = 0, b = 0]) => {
        fc.pre(Math.abs(a - b) > 1e-9)
        expect(backoffMs(3, 1_000, 60_000, a)).not.toBe(backoffMs(3, 1_000, 60_000, b))
      }),
    )
  })
})

describe('retryAfter', () => {
  test('reads seconds', () => {
    fc.assert(
      fc.property(fc.nat(86_400), (seconds) => {
        expect(retryAfter(String(seconds), now)).toBe(now + seconds * 1_000)
        expect(retryAfter(` ${seconds} `, now)).toBe(now + seconds * 1_000)
      }),
    )
  })

  test('reads a date, as HTTP writes it', () => {
    fc.assert(
      fc.property(fc.nat(86_400), (seconds) => {
        const at = now + seconds * 1_000
        expect(retryAfter(new Date(at).toUTCString(), now)).toBe(at)
      }),
    )
  })

  test.each<[string, string | null | undefined]>([
    ['no header', null],
    ['no header at all', undefined],
    ['an empty one', ''],
    ['white space', ' \t'],
    ['a negative number', '-5'],
    ['a fraction', '1.5'],
    ['a fraction of a date', '2026'.concat('-')],
    ['words', 'soon'],
    ['two values', '5, 10'],
    ['something that is no date', 'Wed, 99 Foo 2026'],
  ])('is not known from %s', (_, header) => {
    expect(retryAfter(header, now)).toBeUndefined()
  })

  test('a moment in the past is now', () => {
    expect(retryAfter('Wed, 21 Oct 2015 07:28:00 GMT', now)).toBe(now)
    expect(retryAfter('0', now)).toBe(now)
  })

  test('more than a day is a day: it would lock a user out', () => {
    expect(retryAfter('86401', now)).toBe(now + day)
    expect(retryAfter('9'.repeat(400), now)).toBe(now + day)
    expect(retryAfter('Fri, 31 Dec 9999 23:59:59 GMT', now)).toBe(now + day)
  })

  test('whatever the header says, it is between now and a day from now, or not known', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        (header) => {
          const at = retryAfter(header, now)
          expect(at === undefined || (at >= now && at <= now + day)).toBe(true)
        },
      ),
    )
  })
})
