import { describe, expect, test } from 'vitest'
import {
  findTokenError,
  isTokenError,
  TokenError,
  type TokenErrorCode,
  type TokenErrorKind,
} from './errors.ts'

const codes: Record<TokenErrorKind, TokenErrorCode[]> = {
  offline: ['offline'],
  transient: ['timeout', 'throttled', 'server-error', 'bad-answer', 'not-newer', 'refresh-failed'],
  'signed-out': [
    'signed-out',
    'session-expired',
    'session-revoked',
    'token-reused',
    'account-blocked',
    'user-changed',
  ],
  misconfigured: [
    'wrong-client',
    'cors',
    'fetch-replaced',
    'unsupported',
    'bad-token',
    'source-failed',
    'read-only',
    'redirected',
    'disposed',
  ],
}

describe('TokenError', () => {
  test.each(Object.entries(codes))('the kind of these is %s', (kind, ofKind) => {
    for (const code of ofKind) expect(new TokenError(code, 'x').kind).toBe(kind)
  })

  test('says what happened, when to try again, and that it is an error of this library', () => {
    const error = new TokenError('throttled', 'Too many. Wait.', { retryAt: 5 })
    expect(error).toBeInstanceOf(Error)
    expect(String(error)).toBe('TokenError: Too many. Wait.')
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'TokenError',
      code: 'throttled',
      kind: 'transient',
      retryAt: 5,
    })
  })

  test('has no cause where it was given none', () => {
    expect('cause' in new TokenError('offline', 'x')).toBe(false)
    expect('cause' in new TokenError('offline', 'x', { cause: undefined })).toBe(false)
  })

  test.each<[string, unknown, object]>([
    ['an error', new RangeError('too far'), { name: 'RangeError', message: 'too far' }],
    [
      'an error of Node',
      Object.assign(new Error('connect'), { code: 'ECONNREFUSED', errno: -111 }),
      { name: 'Error', message: 'connect', code: 'ECONNREFUSED' },
    ],
    [
      'a numeric code',
      Object.assign(new Error('x'), { code: 20 }),
      { name: 'Error', message: 'x', code: 20 },
    ],
    [
      'a zero code',
      Object.assign(new Error('x'), { code: 0 }),
      { name: 'Error', message: 'x', code: 0 },
    ],
    ['codes of another type', { code: {}, status: '500' }, { name: 'Error', message: '' }],
    [
      'a status',
      { name: 'HTTPError', message: 'bad', status: 502 },
      { name: 'HTTPError', message: 'bad', status: 502 },
    ],
    ['a string', 'it broke', { name: 'string', message: 'it broke' }],
    ['a number', 7, { name: 'number', message: '7' }],
    ['null', null, { name: 'object', message: 'null' }],
    ['a symbol', Symbol('why'), { name: 'symbol', message: 'Symbol(why)' }],
    ['an object without anything', Object.create(null), { name: 'Error', message: '' }],
  ])('keeps of %s what helps to find the fault', (_, cause, summary) => {
    expect(new TokenError('refresh-failed', 'x', { cause }).cause).toEqual(summary)
  })

  test('keeps no more of a long message than its beginning', () => {
    const cause = new Error('<html> '.repeat(1_000))
    expect(new TokenError('bad-answer', 'x', { cause }).cause?.message).toHaveLength(300)
  })

  test('redacts a run with a digit anywhere in it, and a longer one without', () => {
    const messageOf = (cause: string) => new TokenError('bad-answer', 'x', { cause }).cause?.message
    for (const run of ['1abcdefghijklmno', 'abcdefghijklmno1', 'abcdefgh1jklmnop', 'a'.repeat(32)])
      expect(messageOf(`bad ${run} here`)).toBe('bad [redacted] here')
    for (const run of ['abcdefghijklmnop', 'abcdefghijklmn1', 'a'.repeat(31)])
      expect(messageOf(`bad ${run} 1 here`)).toBe(`bad ${run} 1 here`)
  })

  test('redacts a huge message in time', () => {
    for (const text of ['a'.repeat(2e6), `${'a'.repeat(2e6)}1`, `${'a'.repeat(15)} `.repeat(1e5)])
      expect(new TokenError('bad-answer', 'x', { cause: text }).cause?.message).not.toContain(
        'aaaaaaaaaaaaaaaa',
      )
  }, 20_000)
})

describe('findTokenError', () => {
  const error = new TokenError('offline', 'No network. Wait.')

  test.each<[string, unknown]>([
    ['itself', error],
    ['the cause of an error', new Error('x', { cause: error })],
    ['the cause of a cause', new Error('x', { cause: new Error('y', { cause: error }) })],
    ['the networkError of a GraphQL client', { networkError: error }],
    ['among the errors of an AggregateError', new AggregateError([new Error('x'), error])],
    ['the cause of one of these', { errors: [{ cause: { networkError: error } }] }],
  ])('finds it as %s', (_, thrown) => {
    expect(findTokenError(thrown)).toBe(error)
    expect(isTokenError(thrown)).toBe(true)
  })

  test.each([
    undefined,
    null,
    'offline',
    42,
    {},
    new Error('x'),
    { errors: 'none' },
    { code: 'offline' },
  ])('finds nothing in %o', (thrown) => {
    expect(findTokenError(thrown)).toBeUndefined()
    expect(isTokenError(thrown)).toBe(false)
  })

  test('ends on errors that cause each other', () => {
    const one: { cause?: unknown } = {}
    const other = { cause: one, errors: [one, {}] }
    one.cause = other
    expect(findTokenError(one)).toBeUndefined()
    other.errors.push({ cause: error })
    expect(findTokenError(one)).toBe(error)
  })

  test('recognises one of another copy of the library', () => {
    const brand = Symbol.for('@unexpired/token-error')
    const foreign = Object.assign(new Error('x'), { code: 'timeout', [brand]: true })
    expect(findTokenError({ cause: foreign })).toBe(foreign)
  })

  test('the outermost counts', () => {
    const outer = new TokenError('timeout', 'x')
    Object.defineProperty(outer, 'cause', { value: error })
    expect(findTokenError(new Error('y', { cause: outer }))).toBe(outer)
  })
})
