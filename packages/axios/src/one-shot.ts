/** What can be read once: by any of these a Node stream, an npm `form-data`, a web stream or an async iterable is known. */
interface OneShot {
  readonly pipe?: unknown
  readonly getReader?: unknown
  readonly [Symbol.asyncIterator]?: unknown
  destroy?(): unknown
  cancel?(): Promise<unknown>
}

/** Whether reading a body once uses it up. */
export const isOneShot = (body: unknown): body is OneShot => {
  const { pipe, getReader, [Symbol.asyncIterator]: iterate } = Object(body) as OneShot
  return !!(pipe ?? getReader ?? iterate)
}
