/**
 * Checks for options, so that a mistake fails where it was made and not as a strange answer an hour later.
 * All throw a TypeError that names the option and says what it may be. An option that is undefined counts as not given.
 */

export function checkKeys(
  where: string,
  given: unknown,
  known: readonly string[],
): asserts given is Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(`${where} must be an object; got ${show(given)}.`)
  }
  for (const key of Object.keys(given)) {
    if (!known.includes(key))
      throw new TypeError(`${where} has no option ${key}. It knows ${known.join(', ')}.`)
  }
}

export function wholeNumber(
  name: string,
  value: unknown,
  least: number,
  most: number,
  unit = '',
): number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
    return value as number
  throw new TypeError(
    `${name} must be a whole number${unit && ` of ${unit}`} from ${least} to ${most}; got ${show(value)}.`,
  )
}

export function flag(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw new TypeError(`${name} must be true or false; got ${show(value)}.`)
}

export function text(name: string, value: unknown, pattern: RegExp, allowed: string): string {
  if (typeof value === 'string' && pattern.test(value)) return value
  throw new TypeError(`${name} must be ${allowed}; got ${show(value)}.`)
}

export function oneOf<const T extends string>(
  name: string,
  value: unknown,
  allowed: readonly T[],
): T {
  if (allowed.includes(value as T)) return value as T
  throw new TypeError(`${name} must be one of ${allowed.join(', ')}; got ${show(value)}.`)
}

/** A value in a message: short, and never the inside of an object, which could hold a password. */
function show(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'an array' : 'an object'
  if (typeof value === 'function') return 'a function'
  return String(value)
}
