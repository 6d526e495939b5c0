/**
 * What an app should do about an error.
 *
 * - `offline`: no network; wait, it heals by itself
 * - `transient`: try again later, `retryAt` says when
 * - `signed-out`: show the sign-in page
 * - `misconfigured`: mend the set-up; tokens are kept
 */
export type TokenErrorKind = 'offline' | 'transient' | 'signed-out' | 'misconfigured'

/**
 * What happened, stable under semver.
 *
 * | code | kind | what happened |
 * |---|---|---|
 * | `offline` | offline | the identity provider could not be reached |
 * | `timeout` | transient | no answer within `refreshTimeoutMs` |
 * | `throttled` | transient | too many requests |
 * | `server-error` | transient | the identity provider answered 5xx |
 * | `bad-answer` | transient | an unusable answer: unreadable, as from a proxy, or a token that has ended |
 * | `not-newer` | transient | the refresh gave no newer token |
 * | `refresh-failed` | transient | the source failed in a way it does not explain |
 * | `signed-out` | signed-out | nobody is signed in |
 * | `session-expired` | signed-out | the refresh token is too old or no longer accepted |
 * | `session-revoked` | signed-out | the session was ended from elsewhere |
 * | `token-reused` | signed-out | a refresh token was spent twice, and the provider ended the session |
 * | `account-blocked` | signed-out | the account is gone, unconfirmed, or must reset its password |
 * | `user-changed` | signed-out | another user signed in while the request waited |
 * | `wrong-client` | misconfigured | the provider does not know the client or the pool |
 * | `cors` | misconfigured | the browser was not allowed to read the answer |
 * | `fetch-replaced` | misconfigured | the global `fetch` is not the platform's and breaks the refresh |
 * | `unsupported` | misconfigured | the provider does not know the operation |
 * | `bad-token` | misconfigured | the source gave something that is no usable token |
 * | `source-failed` | misconfigured | the source could not read or keep its tokens |
 * | `read-only` | misconfigured | a refresh was needed where its tokens could not be kept, and none was made |
 * | `redirected` | misconfigured | a redirect would carry a custom token header elsewhere |
 * | `disposed` | misconfigured | the policy was disposed |
 */
export type TokenErrorCode =
  | 'offline'
  | 'timeout'
  | 'throttled'
  | 'server-error'
  | 'bad-answer'
  | 'not-newer'
  | 'refresh-failed'
  | 'signed-out'
  | 'session-expired'
  | 'session-revoked'
  | 'token-reused'
  | 'account-blocked'
  | 'user-changed'
  | 'wrong-client'
  | 'cors'
  | 'fetch-replaced'
  | 'unsupported'
  | 'bad-token'
  | 'source-failed'
  | 'read-only'
  | 'redirected'
  | 'disposed'

const kinds: Readonly<Record<TokenErrorCode, TokenErrorKind>> = {
  offline: 'offline',
  timeout: 'transient',
  throttled: 'transient',
  'server-error': 'transient',
  'bad-answer': 'transient',
  'not-newer': 'transient',
  'refresh-failed': 'transient',
  'signed-out': 'signed-out',
  'session-expired': 'signed-out',
  'session-revoked': 'signed-out',
  'token-reused': 'signed-out',
  'account-blocked': 'signed-out',
  'user-changed': 'signed-out',
  'wrong-client': 'misconfigured',
  cors: 'misconfigured',
  'fetch-replaced': 'misconfigured',
  unsupported: 'misconfigured',
  'bad-token': 'misconfigured',
  'source-failed': 'misconfigured',
  'read-only': 'misconfigured',
  redirected: 'misconfigured',
  disposed: 'misconfigured',
}

/** What a `TokenError` can be given beside its code and message. */
export interface TokenErrorOptions {
  /** What it came from; kept as a scrubbed copy. */
  readonly cause?: unknown
  /** When to try again, epoch milliseconds. */
  readonly retryAt?: number | undefined
}

/** A scrubbed copy of an error: what helps to find the fault, and nothing that could hold a token. */
export interface ErrorSummary {
  /** The name of the error, such as `TypeError`. */
  readonly name: string
  /** Its message; long runs without a space are redacted. */
  readonly message: string
  /** Its code, where it had one. */
  readonly code?: string | number
  /** The HTTP status that it told of. */
  readonly status?: number
}

const brand = Symbol.for('@unexpired/token-error')

/** Long runs without a space, the more so with digits, are tokens, addresses or ids; none belongs in a message. */
const redact = (text: unknown): string =>
  String(text)
    .replace(/(?=\S*\d)\S{16,}|\S{32,}/g, '[redacted]')
    .slice(0, 300)

const summarize = (cause: unknown): ErrorSummary | undefined => {
  if (cause === undefined) return undefined
  if (typeof cause !== 'object' || cause === null)
    return { name: typeof cause, message: redact(cause) }
  const { name, message, code, status } = cause as Partial<ErrorSummary>
  return {
    name: redact(name ?? 'Error'),
    message: redact(message ?? ''),
    ...(typeof code === 'string' ? { code: redact(code) } : typeof code === 'number' && { code }),
    ...(typeof status === 'number' && { status }),
  }
}

/**
 * The one error of this library. Its `code` says what happened, its `kind` what to do about it.
 *
 * Recognise it with {@link findTokenError} or {@link isTokenError}, never with `instanceof`: several
 * copies of the library can be on a page, and HTTP clients wrap errors.
 *
 * @example
 * ```ts
 * import { findTokenError } from '@unexpired/core'
 *
 * try {
 *   await api.get('/me')
 * } catch (error) {
 *   if (findTokenError(error)?.kind === 'signed-out') showSignIn()
 *   else throw error
 * }
 * ```
 */
export class TokenError extends Error {
  /** What happened; part of semver. */
  readonly code: TokenErrorCode
  /** What to do about it. */
  readonly kind: TokenErrorKind
  /** When to try again, epoch milliseconds; only where that is known. */
  readonly retryAt: number | undefined
  /** A scrubbed copy of what it came from. */
  declare readonly cause: ErrorSummary | undefined

  constructor(code: TokenErrorCode, message: string, options: TokenErrorOptions = {}) {
    const cause = summarize(options.cause)
    super(message, cause && { cause })
    this.name = 'TokenError'
    this.code = code
    this.kind = kinds[code]
    this.retryAt = options.retryAt
    Object.defineProperty(this, brand, { value: true })
  }
}

/**
 * The `TokenError` in what a client threw, wherever it wrapped it: `cause`, `networkError` (urql,
 * Apollo) or `errors[]` (AggregateError). `undefined` when there is none.
 */
export const findTokenError = (error: unknown): TokenError | undefined => {
  // A set is iterated in the order of insertion, goes on over what is added, and ends on cycles.
  const seen = new Set([error])
  for (const candidate of seen) {
    if (typeof candidate !== 'object' || candidate === null) continue
    if (brand in candidate) return candidate as unknown as TokenError
    const { cause, networkError, errors } = candidate as Record<string, unknown>
    seen.add(cause).add(networkError)
    if (Array.isArray(errors)) for (const inner of errors) seen.add(inner)
  }
  return undefined
}

/** Whether an error is a `TokenError`, or was caused by one; {@link findTokenError} gives it. */
export const isTokenError = (error: unknown): boolean => findTokenError(error) !== undefined
