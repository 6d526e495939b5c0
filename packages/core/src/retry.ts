/**
 * How long to leave the identity provider alone after so many failures in a row, milliseconds:
 * doubling, with jitter over the upper three quarters so that clients which failed together come
 * back apart, and never at once.
 */
export const backoffMs = (failures: number, baseMs: number, maxMs: number, draw: number): number =>
  Math.min(maxMs, baseMs * 2 ** (failures - 1)) * (0.25 + 0.75 * draw)

/** A day: what is longer is a mistake, and would lock a user out. */
export const longestPauseMs = 86_400_000

/**
 * When to try again by a `Retry-After` header (RFC 9110, 10.2.3: seconds or an HTTP date), epoch
 * milliseconds, at most a day from now; `undefined` when there is none or it is unreadable.
 *
 * @example
 * ```ts
 * throw new TokenError('throttled', 'Too many refreshes. Wait.', {
 *   retryAt: retryAfter(response.headers.get('retry-after'), Date.now()),
 * })
 * ```
 */
export const retryAfter = (header: string | null | undefined, now: number): number | undefined => {
  const text = header?.trim()
  const at = !text
    ? NaN
    : /^\d+$/.test(text)
      ? now + Number(text) * 1000
      : /[a-z]/i.test(text)
        ? Date.parse(text)
        : NaN
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at, now), now + longestPauseMs)
}
