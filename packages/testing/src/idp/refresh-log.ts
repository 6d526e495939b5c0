import type { RefreshReason, Runtime, TokenErrorCode } from '@unexpired/core'
import type { IdpFault } from './faults.ts'

/** One refresh as the identity provider saw it. Holds no token. */
export interface RefreshRecord {
  /** When it was asked for, epoch milliseconds by the client's clock. */
  readonly startedAt: number
  /** How long it took, ms; `undefined` while it is in the air. */
  readonly tookMs: number | undefined
  /** Why the policy asked; `undefined` where it came over HTTP. */
  readonly reason: RefreshReason | undefined
  /** Whose session it was, once the refresh token was looked at. */
  readonly user: string | undefined
  /** `aborted`: the client stopped waiting; the refresh token may have been spent nevertheless. */
  readonly outcome: 'in-air' | 'refreshed' | 'failed' | 'aborted'
  /** What the client was told, where it failed by a named error. */
  readonly code: TokenErrorCode | undefined
  /** Whether the refresh token had been spent before. */
  readonly again: boolean
  /** What was scripted to go wrong. */
  readonly fault: IdpFault['name'] | undefined
}

type Change = Partial<{ -readonly [K in keyof RefreshRecord]: RefreshRecord[K] }>

/** What is written down about one refresh while it goes on. */
export interface OpenRecord {
  /** What was found when the refresh token was looked at. */
  note(found: Pick<RefreshRecord, 'user' | 'again'>): void
  /** How it ended; only the first call counts. */
  end(outcome: 'refreshed' | 'failed' | 'aborted', code?: TokenErrorCode): void
}

/** Every refresh, in the order in which they were asked for. */
export interface RefreshLog {
  /** Starts a record. */
  open(reason: RefreshReason | undefined, fault: IdpFault | undefined): OpenRecord
  /** All of them, those in the air included. */
  readonly records: readonly RefreshRecord[]
}

export const refreshLog = (runtime: Runtime): RefreshLog => {
  const records: (Change & RefreshRecord)[] = []
  return {
    records,
    open: (reason, fault) => {
      const started = runtime.monotonic()
      const record: Change & RefreshRecord = {
        startedAt: runtime.now(),
        tookMs: undefined,
        reason,
        user: undefined,
        outcome: 'in-air',
        code: undefined,
        again: false,
        fault: fault?.name,
      }
      records.push(record)
      return {
        note: (found) => void Object.assign(record, found),
        end: (outcome, code) => {
          if (record.outcome === 'in-air')
            Object.assign(record, { outcome, code, tookMs: runtime.monotonic() - started })
        },
      }
    },
  }
}
