import type { Answer } from './authorize.ts'
import type { Coordinator } from './coordinator.ts'
import { originMatcher } from './origins.ts'
import { platform, type Runtime } from './runtime.ts'
import type { TokenSource } from './source.ts'
import type { AccessToken } from './token.ts'

/**
 * The settings of a policy. Everything but `source` and `origins` has a default that is right for
 * production. Times are below 2 ** 31 ms, which is the longest that a timer can wait.
 */
export interface PolicyOptions<T extends AccessToken = AccessToken> {
  /** Where tokens come from. */
  readonly source: TokenSource<T>
  /**
   * The origins that may receive the token, as `https://api.example.com`; plain http for loopback only.
   * `'self'` is the origin of the page.
   */
  readonly origins: readonly string[]
  /** Further origins of plain http, each by name. Default: none. */
  readonly insecureOrigins?: readonly string[] | undefined
  /** How long before its end a token becomes stale, ms; at most a fifth of its lifetime counts. Default 300 000. */
  readonly bufferMs?: number | undefined
  /** How long a token must still be valid to be sent, ms; at most a tenth of its lifetime counts. Default 5 000. */
  readonly minValidityMs?: number | undefined
  /** How long a caller waits for a refresh at most, ms. Default 10 000. */
  readonly refreshTimeoutMs?: number | undefined
  /** The first pause after a failed refresh, ms; it doubles with each failure. Default 1 000. */
  readonly retryBaseMs?: number | undefined
  /** The longest pause after a failed refresh, ms. Default 60 000. */
  readonly retryMaxMs?: number | undefined
  /** Refresh by timer as soon as the token is stale, while the page is visible. Default `false`: an idle app refreshes nothing. */
  readonly keepFresh?: boolean | undefined
  /** What happens to a request when nobody is signed in: sent without a token (default), or refused before sending. */
  readonly whenSignedOut?: 'send' | 'refuse' | undefined
  /** The header that carries the token. Default `authorization`. */
  readonly headerName?: string | undefined
  /** What stands before the token; an empty string for nothing. Default `Bearer`. */
  readonly scheme?: string | undefined
  /** What is a refusal. Default: a 401, unless its `WWW-Authenticate` names an error that a new token cannot cure (RFC 6750, RFC 9470). */
  readonly isRefusal?: ((answer: Answer) => boolean) | undefined
  /** Who else might refresh this session. Default: nobody outside this policy. */
  readonly coordinator?: Coordinator | undefined
  /** The outside world. Default: the platform's clock, timers and randomness. */
  readonly runtime?: Runtime | undefined
}

type Given<O> = { readonly [K in keyof O]-?: Exclude<O[K], undefined> }

/** The options with their defaults, checked. */
export interface Settings<T extends AccessToken> extends Given<
  Omit<PolicyOptions<T>, 'origins' | 'insecureOrigins' | 'coordinator'>
> {
  readonly coordinator: Coordinator | undefined
  readonly covers: (url: string) => boolean
  /** What can be printed and compared. */
  readonly shown: Readonly<Record<string, unknown>>
}

/** RFC 6750, 3.1 and RFC 9470, 3: the token is good, and another one of its kind would be refused as well. */
const incurable = /\berror\s*=\s*"?insufficient_(scope|user_authentication)\b/i

const defaults = {
  insecureOrigins: [],
  bufferMs: 300_000,
  minValidityMs: 5_000,
  refreshTimeoutMs: 10_000,
  retryBaseMs: 1_000,
  retryMaxMs: 60_000,
  keepFresh: false,
  whenSignedOut: 'send',
  headerName: 'authorization',
  scheme: 'Bearer',
  isRefusal: ({ status, headers }: Answer): boolean =>
    status === 401 && !incurable.test(String(headers.get('www-authenticate'))),
  runtime: platform,
}

type Check = readonly [isValid: (value: never) => boolean, allowed: string]

/** Beyond 2 ** 31 ms a timer runs at once, in browsers and in Node. */
const time: Check = [
  (ms: number) => Number.isFinite(ms) && ms >= 0 && ms < 2 ** 31,
  'a number of milliseconds, 0 or more and below 2 ** 31',
]
const positive: Check = [
  (ms: number) => time[0](ms as never) && ms > 0,
  'a number of milliseconds, above 0 and below 2 ** 31',
]

const text = (pattern: RegExp, allowed: string): Check => [
  (value: unknown) => typeof value === 'string' && pattern.test(value),
  allowed,
]

const has = (...names: string[]): Check => [
  (value: Record<string, unknown>) =>
    !!value && names.every((name) => typeof value[name] === 'function'),
  `an object with ${names.join(', ')}`,
]

const checks: Record<string, Check> = {
  source: [
    (source: TokenSource) =>
      has('read', 'refresh')[0](source as never) && text(/./, '')[0](source.name as never),
    'a token source with name, read and refresh',
  ],
  origins: [
    (entries: unknown[]) => Array.isArray(entries) && entries.length > 0,
    "a list like ['https://api.example.com']",
  ],
  insecureOrigins: [(entries: unknown) => Array.isArray(entries), 'a list of origins'],
  bufferMs: time,
  minValidityMs: time,
  refreshTimeoutMs: positive,
  retryBaseMs: positive,
  retryMaxMs: positive,
  keepFresh: [(on: unknown) => typeof on === 'boolean', 'true or false'],
  whenSignedOut: text(/^(send|refuse)$/, "'send' or 'refuse'"),
  headerName: text(/^[\w!#$%&'*+.^`|~-]+$/, 'the name of a header'),
  scheme: text(/^[\w-]*$/, "one word, or ''"),
  isRefusal: [(decide: unknown) => typeof decide === 'function', 'a function of an answer'],
  coordinator: has('exclusive'),
  runtime: has('now', 'monotonic', 'setTimeout', 'clearTimeout', 'random', 'baseUrl'),
}

const show = (value: unknown): unknown =>
  typeof value === 'function'
    ? '[function]'
    : typeof value === 'object' && !Array.isArray(value) && value
      ? '[object]'
      : value

/**
 * Checks the options at once, so that a mistake shows at set-up and not in the middle of a session.
 *
 * @throws TypeError that names the option and what is allowed
 */
export const settingsOf = <T extends AccessToken>(options: PolicyOptions<T>): Settings<T> => {
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined)
  const all: Record<string, unknown> = { ...defaults, ...Object.fromEntries(given) }
  for (const name of new Set(['source', 'origins', ...Object.keys(all)])) {
    const check = Object.hasOwn(checks, name) && checks[name]
    if (!check)
      throw new TypeError(
        `createPolicy: unknown option ${name}; allowed are ${Object.keys(checks).join(', ')}`,
      )
    if (!check[0](all[name] as never))
      throw new TypeError(
        `createPolicy: ${name} must be ${check[1]}; got ${String(show(all[name]))}`,
      )
  }
  all.headerName = (all.headerName as string).toLowerCase()
  const settings = all as unknown as Settings<T> & { origins: string[]; insecureOrigins: string[] }
  const { source, origins, insecureOrigins, runtime } = settings
  const shown: Record<string, unknown> = { ...all, source: source.name }
  for (const name in shown) shown[name] = show(shown[name])
  return {
    ...settings,
    covers: originMatcher(origins, insecureOrigins, () => runtime.baseUrl()),
    shown: Object.freeze(shown),
  }
}
