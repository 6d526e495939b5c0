import { inspect } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPolicy } from './policy.ts'
import type { PolicyOptions } from './options.ts'
import type { TokenSource } from './source.ts'
import { platform, type Runtime } from './runtime.ts'

const touched: string[] = []
const touch =
  (what: string) =>
  (...args: unknown[]): never => {
    touched.push(`${what}(${args.length})`)
    throw new Error(`${what} was touched`)
  }

/** Parts of which none may be used while the policy is made. */
const source: TokenSource = {
  name: 'test',
  read: touch('read'),
  refresh: touch('refresh'),
  store: touch('store'),
  subscribe: touch('subscribe'),
}
const runtime: Runtime = {
  now: touch('now'),
  monotonic: touch('monotonic'),
  setTimeout: touch('setTimeout'),
  clearTimeout: touch('clearTimeout'),
  random: touch('random'),
  baseUrl: touch('baseUrl'),
}
const coordinator = {
  exclusive: touch('exclusive'),
  publish: touch('publish'),
  subscribe: touch('coordinator.subscribe'),
}
const good: PolicyOptions = { source, origins: ['https://api.example.com'], runtime, coordinator }

const make = (differences: Record<string, unknown>): unknown => {
  try {
    return createPolicy(Object.assign({ ...good }, differences))
  } catch (error) {
    return error
  }
}

const times = ['bufferMs', 'minValidityMs', 'refreshTimeoutMs', 'retryBaseMs', 'retryMaxMs']

describe('createPolicy', () => {
  test('touches nothing: no store, no clock, no timer, nobody who is listened to', () => {
    const policy = createPolicy({ ...good, keepFresh: true })
    policy.subscribe(touch('listener'))
    expect(policy.covers('https://api.example.com/x')).toBe(true)
    expect(policy.headerName).toBe('authorization')
    expect(touched).toEqual([])
  })

  test.each<[string, Record<string, unknown>, RegExp]>([
    [
      'no source',
      { source: undefined },
      /source must be a token source with name, read and refresh/,
    ],
    ['null for a source', { source: null }, /source must be a token source .* got null/],
    [
      'a source without a name',
      { source: { ...source, name: '' } },
      /source must be .* name, read/,
    ],
    [
      'a source whose name is no string',
      { source: { ...source, name: 5 } },
      /source must be .* name/,
    ],
    ['a source without read', { source: { ...source, read: undefined } }, /source must be .* read/],
    [
      'a source without refresh',
      { source: { name: 'x', read: () => undefined } },
      /source must be .* refresh/,
    ],
    ['a source that is a function', { source: () => source }, /source must be .* got \[function\]/],
    ['no origins', { origins: undefined }, /origins must be a list like .* got undefined/],
    ['an empty list of origins', { origins: [] }, /origins must be a list like \['https:\/\/api/],
    [
      'one origin that is no list',
      { origins: 'https://api.example.com' },
      /origins must be a list like/,
    ],
    ['a malformed origin', { origins: ['api.example.com'] }, /origins must hold origins like/],
    [
      'a plain http origin',
      { origins: ['http://api.example.com'] },
      /plain http for loopback only/,
    ],
    [
      'insecure origins that are no list',
      { insecureOrigins: 'x' },
      /insecureOrigins must be a list of origins/,
    ],
    [
      'a secure insecure origin',
      { insecureOrigins: ['https://a.example'] },
      /insecureOrigins must hold origins like/,
    ],
    [
      'a mode that is none',
      { whenSignedOut: 'wait' },
      /whenSignedOut must be 'send' or 'refuse'; got wait/,
    ],
    [
      'a mode with more before it',
      { whenSignedOut: 'resend' },
      /whenSignedOut must be 'send' or 'refuse'; got resend/,
    ],
    [
      'a mode with more behind it',
      { whenSignedOut: 'refused' },
      /whenSignedOut must be 'send' or 'refuse'; got refused/,
    ],
    [
      'a header that is none',
      { headerName: 'two words' },
      /headerName must be the name of a header/,
    ],
    ['an empty header', { headerName: '' }, /headerName must be/],
    ['a header that is no string', { headerName: 5 }, /headerName must be/],
    ['a header with a line break', { headerName: 'x\r\ny' }, /headerName must be/],
    ['a scheme of two words', { scheme: 'Bearer x' }, /scheme must be one word, or ''/],
    ['a scheme that is no string', { scheme: null }, /scheme must be one word/],
    ['a scheme that is false', { scheme: false }, /scheme must be one word/],
    ['a scheme with a line break', { scheme: 'Bearer\n' }, /scheme must be one word/],
    [
      'a refusal that is no function',
      { isRefusal: [401] },
      /isRefusal must be a function of an answer/,
    ],
    [
      'a coordinator without exclusive',
      { coordinator: {} },
      /coordinator must be an object with exclusive/,
    ],
    ['null for a coordinator', { coordinator: null }, /coordinator must be/],
    [
      'a runtime without a clock',
      { runtime: { ...platform, now: undefined } },
      /runtime must be an object with now, monotonic/,
    ],
    ['keepFresh that is neither', { keepFresh: 1 }, /keepFresh must be true or false; got 1/],
    [
      'an unknown option',
      { bufferMS: 5 },
      /unknown option bufferMS; allowed are source, origins, .*bufferMs/,
    ],
  ])('refuses %s, names the option and says what is allowed', (_, differences, message) => {
    const error = make(differences)
    expect(error).toBeInstanceOf(TypeError)
    expect((error as TypeError).message).toMatch(/^createPolicy: /)
    expect((error as TypeError).message).toMatch(message)
    expect(touched).toEqual([])
  })

  test.each(times)('refuses times that are none for %s', (name) => {
    for (const ms of [
      -1,
      -0.001,
      NaN,
      Infinity,
      -Infinity,
      2 ** 31,
      '5000',
      '',
      true,
      null,
      [],
      [5],
      {},
      5n,
    ]) {
      const error = make({ [name]: ms })
      expect([inspect(ms), error]).toEqual([inspect(ms), expect.any(TypeError)])
      expect((error as TypeError).message).toMatch(
        new RegExp(`^createPolicy: ${name} must be a number of milliseconds`),
      )
    }
  })

  test.each(times)('takes times up to the longest that a timer can wait for, for %s', (name) => {
    for (const ms of [1, 0.5, 86_400_000, 2 ** 31 - 1])
      expect(make({ [name]: ms })).toHaveProperty(`settings.${name}`, ms)
  })

  test.each<[string, boolean]>([
    ['bufferMs', true],
    ['minValidityMs', true],
    ['refreshTimeoutMs', false],
    ['retryBaseMs', false],
    ['retryMaxMs', false],
  ])('zero for %s: %s', (name, isAllowed) => {
    expect(make({ [name]: 0 }) instanceof TypeError).toBe(!isAllowed)
  })

  test('refuses whatever is not an option, by its name', () => {
    const known = Object.keys(createPolicy(good).settings)
    const unknown = fc.string().filter((name) => !known.includes(name))
    fc.assert(
      fc.property(
        fc.oneof(unknown, fc.constantFrom('__proto__', 'constructor', 'toString')),
        (name) => {
          const options = Object.defineProperty({ ...good }, name, { value: 1, enumerable: true })
          expect(() => createPolicy(options)).toThrow(
            new RegExp(
              `^createPolicy: unknown option ${name.replace(/[$()*+./?[\\\]^{|}-]/g, '\\$&')};`,
            ),
          )
        },
      ),
    )
  })

  test.each([undefined, null, {}, [], 'x', 5])('refuses %o for options', (options) => {
    expect(() => createPolicy(options as never)).toThrow(
      /^createPolicy: (source must|unknown option)/,
    )
  })

  test('an option that is undefined is one that was not given', () => {
    const { settings } = createPolicy({
      source,
      origins: ['self'],
      bufferMs: undefined,
      isRefusal: undefined,
      coordinator: undefined,
      runtime: undefined,
    })
    expect(settings).toEqual(createPolicy({ source, origins: ['self'] }).settings)
  })

  test('the settings are those in force, and can be printed and compared', () => {
    const { settings } = createPolicy({ ...good, headerName: 'X-Token', retryMaxMs: 5 })
    expect(JSON.parse(JSON.stringify(settings))).toEqual({
      source: 'test',
      origins: ['https://api.example.com'],
      insecureOrigins: [],
      bufferMs: 300_000,
      minValidityMs: 5_000,
      refreshTimeoutMs: 10_000,
      retryBaseMs: 1_000,
      retryMaxMs: 5,
      keepFresh: false,
      whenSignedOut: 'send',
      headerName: 'x-token',
      scheme: 'Bearer',
      isRefusal: '[function]',
      runtime: '[object]',
      coordinator: '[object]',
    })
    expect(Object.isFrozen(settings)).toBe(true)
  })

  test('the names of headers are compared in lower case', () => {
    expect(createPolicy({ ...good, headerName: 'X-Amz-Token' }).headerName).toBe('x-amz-token')
  })
})
