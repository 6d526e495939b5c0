import { checkKeys, flag, oneOf, text, wholeNumber } from './checks.ts'
import type { Fault } from './fault.ts'
import { DOCUMENT_NAMES, OPERATION_NAMES } from './operations/names.ts'

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

/** Throws a TypeError that names what is wrong with a rule and says what it may be. */
export function checkRule(rule: unknown): void {
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
