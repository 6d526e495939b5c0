import { describe, expect, test } from 'vitest'
import { seededRandom, signedJwt } from '@unexpired/testing'
import { TokenError } from './errors.ts'
import { assertToken, isOlder, jwtToken, type AccessToken } from './token.ts'

const base64url = (text: string): string => Buffer.from(text).toString('base64url')
const jwt = (payload: string): string => `${base64url('{"alg":"none"}')}.${base64url(payload)}.sig`

/** What reading it gives: the token's fields, or the code of the error. */
const read = (value: string): unknown => {
  try {
    return { ...jwtToken(value) }
  } catch (error) {
    return error instanceof TokenError ? error.code : error
  }
}

describe('jwtToken', () => {
  test('reads when it ends, when it was issued and whose it is', () => {
    const value = signedJwt({ sub: 'alice', iat: 1_000, exp: 4_600, scope: 'x' }, 'a test secret')
    expect(read(value)).toEqual({
      value,
      issuedAt: 1_000_000,
      expiresAt: 4_600_000,
      identity: 'alice',
    })
  })

  test('reads names that are not ASCII, and claims that look like escapes', () => {
    for (const sub of ['Zoë', '用户', '🔑', '100%', '%41', '%zz', '\u0000', 'a"b\\c']) {
      const value = jwt(JSON.stringify({ sub, exp: 5 }))
      expect(read(value)).toEqual({ value, expiresAt: 5_000, identity: sub })
    }
  })

  test('reads both letters that base64url has of its own', () => {
    const subs = ['~~~???>>>', ' ~~~???>>>', '  ~~~???>>>']
    const values = subs.map((sub) => jwt(JSON.stringify({ sub, exp: 5 })))
    expect(values.join('')).toMatch(/-.*_|_.*-/)
    expect(values.map(read)).toMatchObject(subs.map((identity) => ({ identity })))
  })

  test('reads fractions of a second (RFC 7519, NumericDate)', () => {
    expect(read(jwt('{"exp":5.25,"iat":1.5}'))).toMatchObject({ expiresAt: 5_250, issuedAt: 1_500 })
  })

  test('reads one without a signature', () => {
    expect(read(`${base64url('{}')}.${base64url('{"exp":5}')}.`)).toMatchObject({
      expiresAt: 5_000,
    })
  })

  test.each([
    '{"exp":5}',
    '{"exp":5,"iat":5}',
    '{"exp":5,"iat":6}',
    '{"exp":5,"iat":"1"}',
    '{"exp":5,"iat":null,"sub":null}',
    '{"exp":5,"iat":-1,"sub":""}',
    '{"exp":5,"iat":1e400,"sub":7}',
    '{"exp":5,"iat":{},"sub":["a"]}',
    '{"exp":5,"sub":{"a":1},"__proto__":{"sub":"eve","iat":1}}',
  ])('takes an iat or a sub of the wrong form for absent: %s', (payload) => {
    const value = jwt(payload)
    expect(read(value)).toEqual({ value, expiresAt: 5_000 })
  })

  test.each<[string, string]>([
    ['nothing', ''],
    ['an opaque token', 'f3b7c2a9'],
    ['one part', base64url('{"exp":5}')],
    ['two empty parts', '..'],
    ['four parts', `${jwt('{"exp":5}')}.more`],
    ['five parts, as an encrypted one has', `a.${base64url('{"exp":5}')}.c.d.e`],
    ['broken base64url', 'a.***.c'],
    ['cut base64url', `a.${base64url('{"exp":5}').slice(0, -1)}.c`],
    [
      'bytes that are no UTF-8',
      `a.${Buffer.from([0x22, 0xff, 0xfe, 0x22]).toString('base64url')}.c`,
    ],
    ['no JSON', jwt('exp=5')],
    ['cut JSON', jwt('{"exp":5')],
    ['a JSON number', jwt('5')],
    ['a JSON string', jwt('"exp"')],
    ['a JSON array', jwt('[{"exp":5}]')],
    ['null', jwt('null')],
    ['no exp', jwt('{"iat":5}')],
    ['exp as a string', jwt('{"exp":"5"}')],
    ['exp as a date', jwt('{"exp":"2030-01-01T00:00:00Z"}')],
    ['a negative exp', jwt('{"exp":-5}')],
    ['exp zero', jwt('{"exp":0}')],
    ['exp 10^400', jwt('{"exp":1e400}')],
    ['exp -10^400', jwt('{"exp":-1e400}')],
    ['exp beyond what a date can hold', jwt('{"exp":8640000000001}')],
    ['exp true', jwt('{"exp":true}')],
    ['exp null', jwt('{"exp":null}')],
    ['exp NaN, which is no JSON', jwt('{"exp":NaN}')],
    ['exp in an array', jwt('{"exp":[5]}')],
    ['exp in an object', jwt('{"exp":{"exp":5}}')],
    ['exp of a prototype', jwt('{"__proto__":{"exp":5}}')],
    ['a JSON of a hundred thousand levels', jwt('['.repeat(100_000))],
  ])('is no token: %s', (_, value) => {
    expect(read(value)).toBe('bad-token')
  })

  test.each([undefined, null, 42, {}, [], Symbol('jwt'), () => 'a.b.c'])(
    'is no token, though a caller without types gives it: %o',
    (value) => {
      expect(read(value as never)).toBe('bad-token')
    },
  )

  test('says what to give instead', () => {
    expect(() => jwtToken('opaque')).toThrow(
      'This is no JWT with an exp claim in seconds. Give { value, expiresAt } instead where the token is opaque.',
    )
  })

  test('reads a large one in time', () => {
    const groups = Array.from({ length: 100_000 }, (_, i) => `group-${i}`)
    const value = jwt(JSON.stringify({ groups, exp: 5 }))
    expect(read(value)).toMatchObject({ expiresAt: 5_000 })
    expect(read('.'.repeat(1_000_000))).toBe('bad-token')
  }, 20_000)

  test('exp up to the last moment that a date can hold is read', () => {
    expect(read(jwt('{"exp":8640000000000}'))).toMatchObject({ expiresAt: 8.64e15 })
  })

  test('a million odd inputs give a token or bad-token, and nothing else', () => {
    const random = seededRandom(20_260_101)
    const pick = <V>(from: readonly V[]): V => from[Math.floor(random() * from.length)] as V
    const numbers = ['5', '1.5', '86400', '-1', '0', '1e400', '1e-9', '8640000000001', '"7"', '[1]']
    const words = [...numbers, 'NaN', 'null', 'true', '{}', '{"a":1}', '"é"', '"\\ud800"', '', ',']
    const names = ['exp', 'iat', 'sub', '__proto__', 'x']
    const claim = (): string => `"${pick(names)}":${pick(words)}`
    const payloads = [
      () => `{"exp":${pick(numbers)},${claim()}}`,
      () => `{${claim()},"exp":${pick(numbers)}}`,
      () => `{${claim()},${claim()}}`,
      () => `[${claim()}]`,
      () => pick(words),
    ]
    const letters = 'AZaz09-_+/=%.\u0000\u00ff\u0100 \n'
    const parts = [
      () => base64url(pick(payloads)()),
      () => base64url(pick(payloads)()),
      () => base64url(pick(payloads)()).slice(Math.floor(random() * 3)),
      () => Buffer.from(pick(payloads)(), 'latin1').toString('base64'),
      () =>
        Array.from({ length: random() * 12 }, () => letters.charAt(random() * letters.length)).join(
          '',
        ),
    ]
    const inputs = [
      () => `h.${pick(parts)()}.s`,
      () => `h.${pick(parts)()}.`,
      () => `h.${pick(parts)()}.s`,
      () => Array.from({ length: random() * 5 }, () => pick(parts)()).join('.'),
    ]

    const { stackTraceLimit } = Error
    // Nobody reads a million stacks.
    Error.stackTraceLimit = 0
    const seen = { tokens: 0, errors: 0 }
    try {
      for (let i = 0; i < 1_000_000; i++) {
        const text = pick(inputs)()
        try {
          const token = jwtToken(text)
          const { value, expiresAt, issuedAt, identity } = token
          const isSound =
            value === text &&
            expiresAt > 0 &&
            expiresAt <= 8.64e15 &&
            (issuedAt === undefined || (issuedAt > 0 && issuedAt < expiresAt)) &&
            (identity === undefined || (typeof identity === 'string' && identity !== ''))
          if (!isSound) throw new Error(`unsound: ${JSON.stringify({ text, ...token })}`)
          seen.tokens += 1
        } catch (error) {
          if (!(error instanceof TokenError) || error.code !== 'bad-token') throw error
          seen.errors += 1
        }
      }
    } finally {
      Error.stackTraceLimit = stackTraceLimit
    }
    expect(seen.tokens).toBeGreaterThan(50_000)
    expect(seen.errors).toBeGreaterThan(50_000)
  }, 120_000)
})

describe('assertToken', () => {
  test('names the source, and what it must give', () => {
    expect(() => assertToken({ value: 'a b', expiresAt: 1 }, 'my-api')).toThrow(
      /Token source my-api .* visible ASCII and a finite expiresAt in epoch ms/,
    )
  })

  test.each(['!', '~', 'abc.DEF-123_~+/='])('lets %s pass', (value) => {
    expect(() => assertToken({ value, expiresAt: -1 }, 'x')).not.toThrow()
  })

  test.each(['', ' ', 'a b', 'a\tb', 'a\nb', 'a\r', '\u0000', '\u007f', 'é', '🔑'])(
    'stops %j, which no header can carry or which would end one',
    (value) => {
      expect(() => assertToken({ value, expiresAt: 1 }, 'x')).toThrow(TokenError)
    },
  )
})

describe('isOlder', () => {
  const token = (issuedAt: number | undefined, expiresAt: number): AccessToken => ({
    value: 'x',
    issuedAt,
    expiresAt,
  })

  test.each<[string, AccessToken, AccessToken, boolean]>([
    ['issued earlier', token(1, 9), token(2, 3), true],
    ['issued later', token(2, 3), token(1, 9), false],
    ['issued at the same time', token(1, 3), token(1, 9), false],
    ['ends earlier, issue times not known', token(undefined, 3), token(undefined, 9), true],
    ['ends later, issue times not known', token(undefined, 9), token(undefined, 3), false],
    ['ends earlier, one issue time known', token(5, 3), token(undefined, 9), true],
    ['ends earlier, the other issue time known', token(undefined, 3), token(99, 9), true],
    ['ends later, the other issue time known', token(undefined, 9), token(99, 3), false],
    ['issued at the epoch', token(0, 9), token(1, 3), true],
  ])('%s', (_, a, b, older) => {
    expect(isOlder(a, b)).toBe(older)
  })
})
