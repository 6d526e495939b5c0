import type { TokenErrorCode } from '@unexpired/core'

/**
 * What goes wrong with one refresh.
 *
 * | name | what happens to the request | what the source does |
 * |---|---|---|
 * | `latency` | is answered, `ms` later than usual | resolves |
 * | `throttled` | 429, with Retry-After where `retryAfterMs` is given | rejects `throttled` |
 * | `server-error` | `status` (default 503) with JSON | rejects `server-error` |
 * | `html` | `status` (default 502) with a proxy's HTML page | rejects `bad-answer` |
 * | `offline` | never arrives | rejects `offline` |
 * | `lost-answer` | arrives, the refresh token is spent, the answer is dropped | rejects `offline` |
 * | `no-answer` | arrives, nothing comes back, the refresh token is not spent | never settles; with `heedsSignal`, rejects when it is told to stop |
 * | `refused` | is refused by name | rejects with `code` |
 * | `same-token` | is answered with the access token that was to be replaced | resolves with it |
 * | `bad-token` | is answered with a token that cannot stand in a header | resolves with it |
 * | `throws` | is not sent | throws at once, synchronously |
 * | `rejects` | is not sent | rejects with `error`, as it is |
 */
export type IdpFault =
  | { readonly name: 'latency'; readonly ms: number }
  | { readonly name: 'throttled'; readonly retryAfterMs?: number | undefined }
  | { readonly name: 'server-error'; readonly status?: number | undefined }
  | { readonly name: 'html'; readonly status?: number | undefined }
  | { readonly name: 'offline' }
  | { readonly name: 'lost-answer' }
  | { readonly name: 'no-answer'; readonly heedsSignal?: boolean | undefined }
  | { readonly name: 'refused'; readonly code: TokenErrorCode }
  | { readonly name: 'same-token' }
  | { readonly name: 'bad-token' }
  | { readonly name: 'throws'; readonly error?: unknown }
  | { readonly name: 'rejects'; readonly error: unknown }

/** A fault, or the name alone of one that needs no more said. */
export type FaultScript =
  | IdpFault
  | 'throttled'
  | 'server-error'
  | 'html'
  | 'offline'
  | 'lost-answer'
  | 'no-answer'
  | 'same-token'
  | 'bad-token'
  | 'throws'

/** What is to go wrong, one refresh after the other. */
export interface FaultQueue {
  /** Adds faults for the refreshes to come, one each; `undefined` lets one pass. */
  next(...faults: readonly (FaultScript | undefined)[]): void
  /** What happens to every refresh once the queue is empty, until said otherwise; `undefined`, the default, for nothing. */
  always(fault: FaultScript | undefined): void
  /** Takes off what happens to the refresh that starts now. */
  take(): IdpFault | undefined
}

const spelledOut = (fault: FaultScript | undefined): IdpFault | undefined =>
  typeof fault === 'string' ? { name: fault } : fault

export const faultQueue = (): FaultQueue => {
  const queue: (IdpFault | undefined)[] = []
  let rest: IdpFault | undefined
  return {
    next: (...faults) => void queue.push(...faults.map(spelledOut)),
    always: (fault) => void (rest = spelledOut(fault)),
    take: () => (queue.length > 0 ? queue.shift() : rest),
  }
}
