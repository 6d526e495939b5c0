import type { Runtime, TokenErrorCode } from '@unexpired/core'
import type { FaultQueue, IdpFault } from './faults.ts'
import type { OpenRecord, RefreshLog } from './refresh-log.ts'
import type { IdpToken, SessionLedger } from './session-ledger.ts'
import { wait } from './wait.ts'

/** What comes back from the identity provider; `nothing` never does. */
export type DeskAnswer =
  | { readonly name: 'tokens'; readonly token: IdpToken }
  | {
      readonly name: 'failure'
      readonly code: TokenErrorCode
      readonly retryAfterMs?: number | undefined
    }
  | { readonly name: 'nothing' }

/** Where refresh tokens are handed in, by a source or over HTTP: latency, faults, books and log in one place. */
export interface RefreshDesk {
  /** What is to go wrong. */
  readonly faults: FaultQueue
  /** Where it is written down. */
  readonly log: RefreshLog
  /** There and back. What was spent stays spent, whether or not the client still waits. */
  visit(refreshToken: string, fault: IdpFault | undefined, record: OpenRecord): Promise<DeskAnswer>
}

/** What the desk looks at anew for each visit. */
export interface DeskConditions {
  readonly ledger: SessionLedger
  /** How long this visit takes, there and back, ms. */
  latencyMs(): number
  /** The identity provider's own clock, epoch milliseconds. */
  now(): number
}

const atTheDoor = (fault: IdpFault | undefined): DeskAnswer | undefined => {
  switch (fault?.name) {
    case 'offline':
      return { name: 'failure', code: 'offline' }
    case 'no-answer':
      return { name: 'nothing' }
    case 'throttled':
      return { name: 'failure', code: 'throttled', retryAfterMs: fault.retryAfterMs }
    case 'server-error':
    case 'throws':
    case 'rejects':
      return { name: 'failure', code: 'server-error' }
    case 'html':
      return { name: 'failure', code: 'bad-answer' }
    case 'refused':
      return { name: 'failure', code: fault.code }
    default:
      return undefined
  }
}

export const refreshDesk = (
  runtime: Runtime,
  faults: FaultQueue,
  log: RefreshLog,
  { ledger, latencyMs, now }: DeskConditions,
): RefreshDesk => ({
  faults,
  log,
  visit: async (refreshToken, fault, record) => {
    const there = latencyMs() / 2
    await wait(runtime, there + (fault?.name === 'latency' ? fault.ms : 0))
    const turnedAway = atTheDoor(fault)
    if (turnedAway) {
      if (turnedAway.name !== 'nothing') await wait(runtime, there)
      return turnedAway
    }
    const { user, again, outcome } = ledger.spend(refreshToken, now())
    record.note({ user, again })
    await wait(runtime, there)
    if (fault?.name === 'lost-answer') return { name: 'failure', code: 'offline' }
    return typeof outcome === 'string'
      ? { name: 'failure', code: outcome }
      : { name: 'tokens', token: outcome }
  },
})
