import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { originMatcher, sameOrigin } from './origins.ts'

const api = 'https://api.example.com'

/** What the URL standard says of an address, and nothing of ours: its scheme and host. */
const oracle = (url: string, base?: string): string | undefined => {
  if (!URL.canParse(url, base)) return undefined
  const { protocol, host } = new URL(url, base)
  return `${protocol}//${host}`
}

/** Ways to write a host, ours among them, that fool whoever compares strings. */
const hosts = fc.constantFrom(
  'api.example.com',
  'API.Example.COM',
  'api.example.com.',
  'api%2eexample.com',
  '%61pi.example.com',
  'ａｐｉ.example.com',
  'api。example。com',
  'api.example.com.evil.example',
  'evil.example',
  'xn--api-0ma.example.com',
  'äpi.example.com',
  'api.exämple.com',
  'api.example.com%00.evil.example',
  'api.example.com\\.evil.example',
  'localhost',
  '127.0.0.1',
  '127.1',
  '0x7f.1',
  '2130706433',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '',
)

const hostileUrls = fc
  .tuple(
    fc.constantFrom(
      'https:',
      'http:',
      'HTTPS:',
      'hTTp:',
      '',
      'blob:https:',
      'data:',
      'ws:',
      'file:',
      'view-source:https:',
      'javascript:',
    ),
    fc.constantFrom('//', '///', '/', '', '\\\\', '/\\', '\\/', '////'),
    fc.constantFrom(
      '',
      'user@',
      'user:pass@',
      '@',
      ':@',
      'api.example.com@',
      'api.example.com:443@',
      'a%40b@',
      'https://api.example.com/@',
    ),
    hosts,
    fc.constantFrom('', ':', ':443', ':80', ':0443', ':8443', ':99999', ':-1', ':4a3'),
    fc.constantFrom(
      '',
      '/',
      '/me',
      '?q=/',
      '#/',
      '\\me',
      '/..//evil.example',
      '@evil.example/',
      '/https://api.example.com/',
    ),
  )
  .map((parts) => parts.join(''))

/** The same with white space that the URL parser takes away, in any place. */
const sprinkled = fc
  .tuple(
    hostileUrls,
    fc.nat(60),
    fc.constantFrom('', '\t', '\n', '\r', ' ', '\u0000', '\u200b', '\u00ad'),
  )
  .map(([url, at, mark]) => url.slice(0, at) + mark + url.slice(at))

const origins = [
  api,
  'https://api.example.com:8443',
  'http://localhost',
  'http://[::1]',
  'https://xn--pi-uia.example.com',
]
const bases = fc.constantFrom(
  undefined,
  'https://app.example/x/',
  `${api}/x`,
  'http://localhost/',
  'about:blank',
)

describe('originMatcher', () => {
  test('covers exactly what the URL standard puts on a named origin', () => {
    fc.assert(
      fc.property(fc.oneof(sprinkled, fc.webUrl(), fc.string()), bases, (url, base) => {
        const covers = originMatcher(origins, [], () => base)
        expect(covers(url)).toBe(origins.includes(oracle(url, base) ?? 'nowhere'))
      }),
      { numRuns: 3_000 },
    )
  }, 30_000)

  test('with self, covers what the URL standard puts on the origin of the page, unless that is plain http', () => {
    fc.assert(
      fc.property(sprinkled, bases, (url, base) => {
        const covers = originMatcher(['self'], [], () => base)
        const page = base && /^(https:|http:\/\/localhost)/.test(base) ? oracle(base) : 'nowhere'
        expect(covers(url)).toBe(oracle(url, base) === page)
      }),
      { numRuns: 3_000 },
    )
  }, 30_000)

  test('covers everything behind the slash of a named origin, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...origins), (rest, origin) => {
        const covers = originMatcher([origin], [], () => undefined)
        expect(covers(`${origin}/${rest}`)).toBe(true)
        expect(covers(`${origin}.${rest}`)).toBe(oracle(`${origin}.${rest}`) === origin)
      }),
    )
  })

  test('the odd addresses that the properties are made of do hit: some are covered, most are not', () => {
    const covers = originMatcher([api], [], () => undefined)
    const covered = fc.sample(sprinkled, { numRuns: 5_000, seed: 1 }).filter(covers)
    expect(covered.length).toBeGreaterThan(100)
    expect(covered.length).toBeLessThan(2_500)
    expect(covered.filter((url) => !url.startsWith(`${api}/`)).length).toBeGreaterThan(50)
  })

  test('the page may change, as by history.pushState: relative addresses follow it', () => {
    let base = 'https://one.example/'
    const covers = originMatcher(['self'], [], () => base)
    expect(covers('https://two.example/')).toBe(false)
    base = 'https://two.example/'
    expect([covers('https://two.example/'), covers('/x'), covers('https://one.example/')]).toEqual([
      true,
      true,
      false,
    ])
  })

  test.each([
    api,
    `${api}/`,
    'https://api.example.com:443',
    'https://API.EXAMPLE.COM',
    'https://xn--bcher-kva.example',
    'https://bücher.example',
    'https://192.0.2.1:8443',
    'http://localhost',
    'http://localhost:3000',
    'http://app.localhost:80',
    'http://127.0.0.1:8080',
    'http://127.9.9.9',
    'http://127.100.200.255',
    'http://[::1]:3000',
    'self',
  ])('takes %s for an origin', (entry) => {
    expect(() => originMatcher([entry], [], () => undefined)).not.toThrow()
  })

  test.each([
    '',
    'api.example.com',
    '//api.example.com',
    '/',
    '*',
    'https://*.example.com',
    'https://*',
    'null',
    'Self',
    `${api}/v1`,
    `${api}?x`,
    `${api}#x`,
    'https://user@api.example.com',
    'https://user:pass@api.example.com',
    'http://api.example.com',
    'http://localhost.evil.example',
    'http://evillocalhost',
    'http://127.0.0.1.evil.example',
    'http://127.0.0.1@evil.example',
    'http://10.0.0.1',
    'http://[::2]',
    'ws://localhost',
    'wss://api.example.com',
    'ftp://api.example.com',
    'file:///',
    'blob:https://api.example.com',
    'data:text/plain,x',
    'javascript:void 0',
    'https://',
    'https://a b',
    'https://api.example.com:99999',
  ])('refuses %s, names the option and says what is allowed', (entry) => {
    expect(() => originMatcher([entry], [], () => undefined)).toThrow(
      new TypeError(
        `createPolicy: origins must hold origins like 'https://api.example.com', or 'self'; plain http for loopback only; got ${JSON.stringify(entry)}`,
      ),
    )
  })

  test.each([undefined, null, 42, {}, [], Symbol('x'), 10n])(
    'refuses %o, which a caller without types gives, with a TypeError as well',
    (entry) => {
      expect(() => originMatcher([entry as never], [], () => undefined)).toThrow(TypeError)
    },
  )

  test.each(['https://intranet.example', 'self', 'http://intranet.example/x', 'http://*', ''])(
    'refuses %s among the insecure origins',
    (entry) => {
      expect(() => originMatcher([], [entry], () => undefined)).toThrow(
        `createPolicy: insecureOrigins must hold origins like 'http://intranet.example'; got ${JSON.stringify(entry)}`,
      )
    },
  )

  test('an insecure origin is one host and one port, and does not open https or self', () => {
    const covers = originMatcher(
      ['self'],
      ['http://intranet.example'],
      () => 'http://other.example/',
    )
    expect(covers('http://intranet.example/x')).toBe(true)
    expect(covers('http://intranet.example:80/x')).toBe(true)
    expect(covers('http://intranet.example:8080/x')).toBe(false)
    expect(covers('https://intranet.example/x')).toBe(false)
    expect(covers('/x')).toBe(false)
  })
})

describe('sameOrigin', () => {
  test('says what the URL standard says of both', () => {
    fc.assert(
      fc.property(
        fc.oneof(sprinkled, fc.webUrl()),
        fc.oneof(sprinkled, fc.webUrl()),
        bases,
        (a, b, base) => {
          const [one, other] = [oracle(a, base), oracle(b, base)]
          expect(sameOrigin(a, b, base)).toBe(one !== undefined && one === other)
        },
      ),
    )
  })
})
