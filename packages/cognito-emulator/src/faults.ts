import { checkKeys, flag, oneOf, text, wholeNumber } from './checks.ts'
import { CognitoError, type CognitoErrorName } from './cognito-error.ts'
import {
  DOCUMENT_NAMES,
  isDocument,
  OPERATION_NAMES,
  type DocumentName,
  type OperationName,
} from './operations/names.ts'
import { failure, plain, type Reply } from './wire.ts'

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

export interface Faults {
  set(rule: FaultRule): ActiveFault
  clear(): void
  /** The fault that this request meets, which counts it. The oldest rule that fits is met. */
  take(operation: string, user: string | undefined): Fault | undefined
}

const KINDS = ['error', 'throttle', 'status', 'html', 'drop', 'delay', 'no-answer'] as const
const TIMING = ['kind', 'delayMs', 'afterWork']
const OPTIONS: Readonly<Record<Fault['kind'], readonly string[]>> = {
  error: [...TIMING, 'name', 'message', 'status'],
  throttle: [...TIMING, 'retryAfterSeconds', 'status'],
  status: [...TIMING, 'status', 'body', 'cors'],
  html: [...TIMING, 'status', 'body', 'cors'],
  drop: TIMING,
  delay: TIMING,
  'no-answer': TIMING,
}

interface Rule extends FaultRule {
  met: number
}

export function createFaults(): Faults {
  let rules: Rule[] = []

  return {
    set(given) {
      checkRule(given)
      const rule: Rule = { ...given, with: { ...given.with }, met: 0 }
      rules.push(rule)
      return {
        get met() {
          return rule.met
        },
        clear() {
          rules = rules.filter((other) => other !== rule)
        },
      }
    },
    clear() {
      rules = []
    },
    take(operation, user) {
      const rule = rules.find((candidate) => meets(candidate, operation, user))
      if (rule === undefined) return undefined
      rule.met += 1
      return rule.with
    },
  }
}

/** A fault that is an answer; the others are that there is none, or that the right one is late. */
export type AnsweringFault = Extract<Fault, { kind: 'error' | 'throttle' | 'status' | 'html' }>

/** The answer of a fault. */
export function replyOf(fault: AnsweringFault): Reply {
  switch (fault.kind) {
    case 'error':
      return failure(
        new CognitoError(
          fault.name,
          fault.message ?? `The emulator was asked for ${fault.name}.`,
          fault.status,
        ),
      )
    case 'throttle': {
      const error = new CognitoError('TooManyRequestsException', 'Rate exceeded', fault.status)
      return failure(
        error,
        fault.retryAfterSeconds === undefined
          ? {}
          : { 'retry-after': String(fault.retryAfterSeconds) },
      )
    }
    case 'status':
      return plain(fault.status, 'application/x-amz-json-1.1', fault.body ?? '{}', fault.cors)
    case 'html': {
      const { status = 502 } = fault
      const page = `<html>\n<head><title>${status}</title></head>\n<body><center><h1>${status}</h1></center></body>\n</html>\n`
      return plain(status, 'text/html', fault.body ?? page, fault.cors)
    }
  }
}

function meets(rule: Rule, operation: string, user: string | undefined): boolean {
  if (rule.times !== undefined && rule.met >= rule.times) return false
  if (rule.user !== undefined && rule.user !== user) return false
  return rule.operation === undefined ? !isDocument(operation) : rule.operation === operation
}

function checkRule(rule: unknown): void {
  checkKeys('fail', rule, ['with', 'operation', 'user', 'times'])
  if (rule.times !== undefined) wholeNumber('times', rule.times, 1, Number.MAX_SAFE_INTEGER)
  if (rule.operation !== undefined)
    oneOf('operation', rule.operation, [...OPERATION_NAMES, ...DOCUMENT_NAMES])
  if (rule.user !== undefined) text('user', rule.user, /^\S+$/u, 'the name of a user')
  checkFault(rule.with)
}

function checkFault(fault: unknown): void {
  if (typeof fault !== 'object' || fault === null)
    throw new TypeError("with must be an object such as { kind: 'drop' }.")
  const kind = oneOf('with.kind', (fault as { kind?: unknown }).kind, KINDS)
  checkKeys(`with, for kind ${kind},`, fault, OPTIONS[kind])
  const { delayMs, afterWork, status, name, message, body, cors, retryAfterSeconds } = fault
  if (delayMs !== undefined || kind === 'delay')
    wholeNumber('with.delayMs', delayMs, 0, 600_000, 'milliseconds')
  if (afterWork !== undefined) flag('with.afterWork', afterWork)
  if (status !== undefined || kind === 'status') wholeNumber('with.status', status, 200, 599)
  if (kind === 'error')
    text('with.name', name, /^\w+$/, 'the name of an error, such as NotAuthorizedException')
  if (message !== undefined) text('with.message', message, /^/, 'a string')
  if (body !== undefined) text('with.body', body, /^/, 'a string')
  if (cors !== undefined) flag('with.cors', cors)
  if (retryAfterSeconds !== undefined)
    wholeNumber('with.retryAfterSeconds', retryAfterSeconds, 0, 86_400, 'seconds')
}
