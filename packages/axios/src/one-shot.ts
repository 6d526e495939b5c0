/**
 * Whether reading it once uses it up: Node streams and npm `form-data` (`pipe`), web streams
 * (`getReader`), async iterables.
 */
export const isOneShot = (body: unknown): boolean => {
  const object = Object(body) as object
  return 'pipe' in object || 'getReader' in object || Symbol.asyncIterator in object
}
