import { expect, test } from 'vitest'
import { canonicalTimestamp, timestampOf } from './challenge-timestamp.ts'

test('a timestamp of today is written as Cognito writes it', () => {
  expect(timestampOf(new Date('2026-11-03T06:05:09Z'))).toBe('Tue Nov 3 06:05:09 UTC 2026')
})

test.each([
  [
    'is left alone where it is canonical',
    'Tue Nov 3 06:05:09 UTC 2026',
    'Tue Nov 3 06:05:09 UTC 2026',
  ],
  ['loses the zero before the day', 'Tue Nov 03 06:05:09 UTC 2026', 'Tue Nov 3 06:05:09 UTC 2026'],
  [
    'gets the day of the week that it has',
    'Mon Nov 3 06:05:09 UTC 2026',
    'Tue Nov 3 06:05:09 UTC 2026',
  ],
])('a timestamp %s', (_, given, canonical) => {
  expect(canonicalTimestamp(given)).toBe(canonical)
})

test.each([
  '',
  '2026-11-03T06:05:09Z',
  'Tue Nov 3 6:05:09 UTC 2026',
  'Tue Nov 3 06:05:09 +02:00 2026',
  'Di Nov 3 06:05:09 UTC 2026',
])('%j is no timestamp', (given) => {
  expect(canonicalTimestamp(given)).toBeUndefined()
})
