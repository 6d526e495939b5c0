import type { AccessToken } from './token.ts'

/**
 * Why a refresh was started.
 *
 * - `stale`: a request used a token inside the buffer; it did not wait
 * - `expired`: a request needs a token and none is usable
 * - `refused`: a server answered 401 to the current token
 * - `manual`: the app called `policy.refresh()`
 * - `timer`: `keepFresh` is on and the token has just become stale
 * - `recheck`: `policy.recheck()` found the token stale or expired (wake, online, visible)
 */
export type RefreshReason = 'stale' | 'expired' | 'refused' | 'manual' | 'timer' | 'recheck'

/** What a token source is told about the refresh it is asked for. */
export interface RefreshContext<T extends AccessToken = AccessToken> {
  /** Why it is asked. */
  readonly reason: RefreshReason
  /** Aborted at the deadline, on sign-out, on a change of user and on dispose. Pass it to `fetch`. */
  readonly signal: AbortSignal
  /** The token to be replaced, as the source gave it; `undefined` when there is none. */
  readonly previous: T | undefined
}

/**
 * Where tokens come from: Amplify, an OAuth endpoint, a cookie endpoint of your own.
 *
 * A source translates and decides nothing: when to refresh, who waits, what is kept and what is
 * dropped is the policy's. Whatever a provider needs beside the access token (a refresh token, an id
 * token) travels in the same object; the policy hands it back to the source and to nobody else.
 *
 * @example
 * ```ts
 * const source: TokenSource<MyToken> = {
 *   name: 'my-api',
 *   read: () => load(),
 *   refresh: async ({ previous, signal }) => exchange(previous?.refreshToken, signal),
 *   store: (token) => save(token),
 * }
 * ```
 */
export interface TokenSource<T extends AccessToken = AccessToken> {
  /** Short and stable: it names the session in the coordinator and in messages. */
  readonly name: string
  /**
   * The stored token, cheaply and without network; `undefined` when nobody is signed in.
   *
   * Called before every request unless `subscribe` is given, so that a sign-out is never missed.
   */
  read(): T | undefined | Promise<T | undefined>
  /**
   * The network round trip, and nothing else: it stores nothing.
   *
   * Reject with a {@link TokenError} to say what happened; anything else counts as transient.
   */
  refresh(context: RefreshContext<T>): Promise<T>
  /**
   * Keep a refreshed token. Called only while the result is still wanted, and inside the coordinator.
   * `signal` is aborted when a sign-out or a change of user overtakes the write.
   */
  store?(token: T, context: { readonly signal: AbortSignal }): void | Promise<void>
  /**
   * Forget this token, if it is the one that is stored: the identity provider has ended its session,
   * or a sign-out came while it was being stored. Called after the store was read once more, so that
   * a session which another tab has renewed is never cleared.
   */
  clear?(ended: T): void | Promise<void>
  /**
   * Tell the policy that the store has changed: a sign-in form, a sign-out, another tab.
   * Returns how to stop.
   */
  subscribe?(onChange: () => void): () => void
  /**
   * `true` where the session lives out of this page's sight, as in an HttpOnly cookie: `undefined`
   * from `read` then means "not known yet", and the policy asks `refresh` to find out.
   */
  readonly hiddenSession?: boolean
}
