import { TokenError } from './errors.ts'

/** An access token and what is known about it. Printing or serialising one that this library made shows no value. */
export interface AccessToken {
  /** What is sent: visible ASCII without spaces. */
  readonly value: string
  /** When it ends by the clock of the server that issued it, epoch milliseconds. */
  readonly expiresAt: number
  /** When it was issued by that same clock, epoch milliseconds; lets the policy learn how far this clock is off. */
  readonly issuedAt?: number | undefined
  /** Whose it is, as far as the source knows: `sub`, a user id. A change of it is a change of user. */
  readonly identity?: string | undefined
  /**
   * How far the server's clock is ahead of this one, milliseconds, where the source knows better than
   * the policy. A source whose `refresh` may give a token that was issued a while ago has to say it:
   * the policy takes `issuedAt` for the moment of the answer.
   */
  readonly skewMs?: number | undefined
}

/**
 * Hides the value from `JSON.stringify`, which gets `shown` instead, and from consoles, which do not
 * run accessors; reading and spreading give it.
 */
export const quiet = <T extends { readonly value: string }>(
  secret: T,
  shown: object = { ...secret, value: undefined },
): T => {
  const { value } = secret
  return Object.defineProperties(secret, {
    value: { get: () => value },
    toJSON: { value: () => shown },
  })
}

/** The last moment that a `Date` can name, in epoch milliseconds (ECMA-262, Time Values and Time Range). */
const lastMoment = 8.64e15

const seconds = (claim: unknown): number | undefined =>
  typeof claim === 'number' && claim > 0 && claim * 1000 <= lastMoment ? claim * 1000 : undefined

/** RFC 7515: base64url without padding, UTF-8 inside. */
const decode = (part: string): string =>
  decodeURIComponent(
    atob(part.replace(/-/g, '+').replace(/_/g, '/')).replace(
      /[%\x80-\xff]/g,
      (byte) => '%' + byte.charCodeAt(0).toString(16),
    ),
  )

/**
 * Reads `exp`, `iat` and `sub` out of a JWT, unverified: enough to know when to refresh, never a
 * reason to trust. An `iat` or `sub` of the wrong form counts as absent.
 *
 * @throws {@link TokenError} `bad-token` when it is no JWT, or has no `exp` in seconds (RFC 7519, 4.1.4).
 *
 * @example
 * ```ts
 * const source: TokenSource = {
 *   name: 'my-api',
 *   read: () => stored && jwtToken(stored),
 *   refresh: async () => jwtToken(await exchange()),
 * }
 * ```
 */
export const jwtToken = (value: string): AccessToken => {
  let claims: unknown
  try {
    const [, payload = '', , more] = value.split('.')
    if (more === undefined) claims = JSON.parse(decode(payload))
  } catch {
    // What was wrong is said below; the text of the parser's own error may hold a part of the token.
  }
  const { exp, iat, sub } = (claims ?? {}) as Record<string, unknown>
  const expiresAt = seconds(exp)
  if (expiresAt === undefined) {
    throw new TokenError(
      'bad-token',
      'This is no JWT with an exp claim in seconds. Give { value, expiresAt } instead where the token is opaque.',
    )
  }
  const issuedAt = seconds(iat)
  return quiet({
    value,
    expiresAt,
    ...(issuedAt !== undefined && issuedAt < expiresAt && { issuedAt }),
    ...(typeof sub === 'string' && sub && { identity: sub }),
  })
}

/** Fails with `bad-token` on what cannot be sent as a header or has no end. */
export const assertToken = (token: AccessToken, source: string): void => {
  if (!/^[\x21-\x7e]+$/.test(token?.value ?? '') || !Number.isFinite(token.expiresAt)) {
    throw new TokenError(
      'bad-token',
      `Token source ${source} gave no usable token. It needs a value of visible ASCII and a finite expiresAt in epoch ms.`,
    )
  }
}

/** Whether `a` was issued before `b`; by their ends where the issue times are not known. */
export const isOlder = (a: AccessToken, b: AccessToken): boolean =>
  (a.issuedAt !== undefined && b.issuedAt !== undefined
    ? a.issuedAt - b.issuedAt
    : a.expiresAt - b.expiresAt) < 0
