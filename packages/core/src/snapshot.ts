import type { Cooldown } from './cooldown.ts'
import type { TokenError } from './errors.ts'
import type { Refresher } from './refresher.ts'
import type { Session } from './session.ts'
import type { RefreshReason } from './source.ts'
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
  /** What an app may show. */
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
  | {
      readonly type: 'session'
      readonly status: 'signed-in' | 'signed-out'
      readonly error: TokenError | undefined
    }
  /** The snapshot has changed in another way. */
  | { readonly type: 'status'; readonly status: PolicyStatus }
  /** Something that the developer should know, once. */
  | { readonly type: 'notice'; readonly message: string }
  /** The policy was disposed; nothing follows. */
  | { readonly type: 'disposed' }

/** What the policy knows now. A good token outweighs a failed refresh: while it lasts, its zone is the status. */
export const snapshotOf = <T extends AccessToken>(
  session: Session<T>,
  refresher: Refresher<T>,
  cooldown: Cooldown,
): PolicySnapshot => {
  const { held, nobody } = session
  const { failure, flight } = refresher
  const zone = held && session.zone(held)
  return {
    status:
      zone && zone !== 'expired'
        ? zone
        : !session.isKnown
          ? 'unknown'
          : nobody
            ? 'signed-out'
            : flight
              ? 'refreshing'
              : failure
                ? failure.kind === 'transient'
                  ? 'cooling-down'
                  : failure.kind
                : (zone ?? 'unknown'),
    expiresAt: held?.endsAt,
    retryAt: cooldown.leftMs() ? failure?.retryAt : undefined,
    error: failure ?? (session.isKnown ? nobody : undefined),
  }
}
