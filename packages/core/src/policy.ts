import type { Authorizer, Answer } from './authorize.ts'
import type { Coordinator } from './coordinator.ts'
import type { TokenError } from './errors.ts'
import type { Runtime } from './runtime.ts'
import type { RefreshReason, TokenSource } from './source.ts'
import type { AccessToken } from './token.ts'

/**
 * What an app may show.
 *
 * - `unknown`: nothing was asked for yet
 * - `fresh`, `stale`, `expired`: the zone of the token that is held
 * - `refreshing`: a refresh is in the air, and no usable token is held
 * - `offline`, `cooling-down`, `misconfigured`: the last refresh failed with that kind
 * - `signed-out`: nobody is signed in, or the session has ended
 */
export type PolicyStatus =
  | 'unknown'
  | 'fresh'
  | 'stale'
  | 'expired'
  | 'refreshing'
  | 'offline'
  | 'cooling-down'
  | 'misconfigured'
  | 'signed-out'

/** What the policy knows now; the same object until something changes, as `useSyncExternalStore` wants. */
export interface PolicySnapshot {
  readonly status: PolicyStatus
  /** When the held token ends by this machine's clock, epoch milliseconds. */
  readonly expiresAt: number | undefined
  /** When the next try is allowed after a failure, epoch milliseconds. */
  readonly retryAt: number | undefined
  /** The last error, until a refresh succeeds. */
  readonly error: TokenError | undefined
}

/** What `subscribe` tells: exactly one `refresh` per call of the source's `refresh`. */
export type PolicyEvent =
  | {
      readonly type: 'refresh'
      readonly reason: RefreshReason
      /** `dropped`: it came too late, after a sign-out, a change of user, or something newer. */
      readonly outcome: 'refreshed' | 'failed' | 'dropped'
      readonly tookMs: number
      /** How many callers waited for it when it ended. */
      readonly waiters: number
      readonly error: TokenError | undefined
      readonly retryAt: number | undefined
    }
  /** Somebody signed in or out, another user came, or the session ended. */
  | { readonly type: 'session'; readonly status: 'signed-in' | 'signed-out'; readonly error: TokenError | undefined }
  /** The snapshot has changed in another way. */
  | { readonly type: 'status'; readonly status: PolicyStatus }
  /** Something that the developer should know, once. */
  | { readonly type: 'notice'; readonly message: string }

/** The settings of a policy. Everything but `source` and `origins` has a default that is right for production. */
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

/** Tells the policy what the page has noticed. */
export interface RecheckHints {
  /** `true` when the page is hidden: background refreshes then wait. */
  readonly hidden?: boolean | undefined
  /** `true` when the network has come back: the cool-down ends. */
  readonly online?: boolean | undefined
}

/** How to ask for a refresh. */
export interface RefreshOptions {
  /** Refresh only if this token is still the current one; otherwise the current one is given. Default: the current one. */
  readonly ifToken?: AccessToken | undefined
  /** The caller's own signal: it ends this caller's wait, and nobody else's. */
  readonly signal?: AbortSignal | undefined
}

/** One session's tokens, kept fresh. Made by {@link createPolicy}; shared by every client of an app. */
export interface Policy extends Authorizer {
  /**
   * The access token: itself while fresh or stale, a promise when a refresh must be waited for.
   *
   * @throws {@link TokenError} (as a rejection) when there is no usable token and none can be had.
   */
  token(options?: { readonly signal?: AbortSignal | undefined }): AccessToken | Promise<AccessToken>
  /** Refreshes, or joins the refresh that is in the air; no network where the current token is no longer `ifToken`. */
  refresh(options?: RefreshOptions): Promise<AccessToken>
  /** Looks at the clock, the store and the hints again, now; refreshes where that is due and the page is visible. */
  recheck(hints?: RecheckHints): void
  /** What the policy knows, without asking anybody. */
  snapshot(): PolicySnapshot
  /** Hears every change and every refresh. Returns how to stop. A listener that throws harms nobody. */
  subscribe(listener: (event: PolicyEvent) => void): () => void
  /** Ends everything: waiters reject with `disposed`, timers and subscriptions are gone. */
  dispose(): void
  /** The settings as they are in force, in a form that can be printed and compared. */
  readonly settings: Readonly<Record<string, unknown>>
}
