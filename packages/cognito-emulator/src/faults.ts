import { CognitoError } from './cognito-error.ts'
import { checkRule } from './fault-rule.ts'
import type { ActiveFault, Fault, FaultRule } from './fault.ts'
import { isDocument } from './operations/names.ts'
import { failure, plain, type Reply } from './wire.ts'

export interface Faults {
  set(rule: FaultRule): ActiveFault
  clear(): void
  /** The fault that this request meets, which counts it. The oldest rule that fits is met. */
  take(operation: string, user: string | undefined): Fault | undefined
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
