import type { AccessToken } from './token.ts'

/**
 * Where a token is in its life.
 *
 * - `fresh`: use it
 * - `stale`: use it, and refresh in the background
 * - `expired`: wait for a refresh
 */
export type Zone = 'fresh' | 'stale' | 'expired'

/** When the zone of a token changes, by this machine's clock, epoch milliseconds. */
export interface Expiry {
  readonly staleAt: number
  readonly expiredAt: number
  /** When the token really ends. */
  readonly endsAt: number
}

/** What the zones depend on beside the token. */
export interface ExpiryOptions {
  readonly bufferMs: number
  readonly minValidityMs: number
  /** How far the server's clock is ahead of this one, milliseconds. */
  readonly skewMs: number
  /** A number in [0, 1), drawn once for each token: makes it stale up to a fifth of the buffer earlier. */
  readonly draw: number
}

/**
 * The zones of a token. A lifetime that is too short for the buffer shortens the buffer: a pool that
 * issues tokens of five minutes would otherwise be asked on every request.
 */
export const expiryOf = (
  token: AccessToken,
  { bufferMs, minValidityMs, skewMs, draw }: ExpiryOptions,
): Expiry => {
  const endsAt = token.expiresAt - skewMs
  const lifetime = Math.max(0, token.expiresAt - (token.issuedAt ?? -Infinity))
  const validity = Math.min(minValidityMs, lifetime / 10)
  const buffer = Math.min(bufferMs, lifetime / 5)
  const expiredAt = endsAt - validity
  return { staleAt: Math.min(expiredAt, endsAt - buffer * (1 + draw / 5)), expiredAt, endsAt }
}

/** The zone at a moment of this machine's clock. */
export const zoneAt = ({ staleAt, expiredAt }: Expiry, now: number): Zone =>
  now < staleAt ? 'fresh' : now < expiredAt ? 'stale' : 'expired'

/** A clock that is off by more than this is not believed: the `iat` is wrong, or TLS would not work either. */
const maxSkewMs = 86_400_000

/** Whether a clock can be off by so much. */
export const isBelievable = (skewMs: number | undefined): skewMs is number =>
  Math.abs(skewMs ?? NaN) <= maxSkewMs

/**
 * How far the server's clock is ahead, from a token that has just arrived. Its `iat` was written
 * between sending and receipt and is cut to a second. What was known before is kept where that allows
 * it, so that a slow answer blurs nothing; otherwise the earlier end of the token is believed. Without
 * a believable `iat` nothing is learned.
 */
export const skewOf = (
  token: AccessToken,
  sentAt: number,
  receivedAt: number,
  known = 0,
): number => {
  if (token.issuedAt === undefined) return known
  const [least, most] = [token.issuedAt - receivedAt, token.issuedAt + 1000 - sentAt]
  return (least <= known && known <= most) || !isBelievable(most) ? known : most
}
