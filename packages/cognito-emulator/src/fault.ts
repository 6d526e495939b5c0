import type { CognitoErrorName } from './cognito-error.ts'
import type { DocumentName, OperationName } from './operations/names.ts'

/** When a fault strikes; the same for every kind. */
export interface FaultTiming {
  /** How long to wait first, in milliseconds, 0 to 600 000. Default 0. */
  readonly delayMs?: number | undefined
  /**
   * Whether the operation is carried out before the fault strikes: tokens rotated, sessions ended, and the client told
   * none of it. Default false: nothing is done.
   */
  readonly afterWork?: boolean | undefined
}

/** Something that goes wrong, by its kind. */
export type Fault = FaultTiming &
  (
    | {
        /** An error as Cognito answers it. */
        readonly kind: 'error'
        readonly name: CognitoErrorName
        /** Default: a sentence that says that it was asked for. */
        readonly message?: string | undefined
        /** Default: what Cognito uses, 400 for nearly all. */
        readonly status?: number | undefined
      }
    | {
        /** Throttling: TooManyRequestsException, with Retry-After where it is given. */
        readonly kind: 'throttle'
        /** The Retry-After header in seconds, 0 to 86 400. Default: no header, as from Cognito itself. */
        readonly retryAfterSeconds?: number | undefined
        /** Default 400, as from Cognito; a firewall in front of it answers 429. */
        readonly status?: number | undefined
      }
    | {
        /** A bare HTTP status with a JSON body that names no error. */
        readonly kind: 'status'
        readonly status: number
        /** Default `{}`. */
        readonly body?: string | undefined
        /** Whether a page on another origin may read it; false, and the page sees a network error. Default true. */
        readonly cors?: boolean | undefined
      }
    | {
        /** The error page of a proxy. */
        readonly kind: 'html'
        /** Default 502. */
        readonly status?: number | undefined
        /** Default: a page like nginx's. */
        readonly body?: string | undefined
        /** As for `status`. */
        readonly cors?: boolean | undefined
      }
    | {
        /** The connection is reset. With `afterWork` the answer is lost on its way. */
        readonly kind: 'drop'
      }
    | {
        /** A right answer, late by `delayMs`. */
        readonly kind: 'delay'
        readonly delayMs: number
      }
    | {
        /** No answer at all, until the client gives up or the pool is closed. */
        readonly kind: 'no-answer'
      }
  )

/** Which requests a fault meets, and how often. */
export interface FaultRule {
  /** What goes wrong. */
  readonly with: Fault
  /** Only this operation or document. Default: every operation, and no document: who fetches the keys is another party. */
  readonly operation?: OperationName | DocumentName | undefined
  /** Only requests of this user, where the emulator can tell. Default: everybody's. */
  readonly user?: string | undefined
  /** How many requests. Default: all, until the fault is cleared. */
  readonly times?: number | undefined
}

/** A fault that was set. */
export interface ActiveFault {
  /** How many requests have met it. */
  readonly met: number
  /** Takes it back. Requests that have met it already are not freed. */
  clear(): void
}
