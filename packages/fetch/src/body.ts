const tag = (value: unknown): string => Object.prototype.toString.call(value)

/**
 * Whether a body can be sent a second time. By tag, so that bodies of another realm or a polyfill
 * count; whatever can be read only once (a stream, an async iterable, npm's form-data) does not.
 */
export const isReplayable = (body: unknown): boolean =>
  typeof body !== 'object' ||
  body === null ||
  ArrayBuffer.isView(body) ||
  (/ (Blob|File|FormData|URLSearchParams|ArrayBuffer)]/.test(tag(body)) && !('pipe' in body))

/**
 * A copy of a body that its owner may change after the call: `fetch` reads it at once, a replay reads
 * it later. Other bodies come back as they are.
 */
export const snapshot = (body: BodyInit): BodyInit => {
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice()
  if (tag(body) === '[object ArrayBuffer]') return (body as ArrayBuffer).slice(0)
  if (typeof body !== 'object' || !('append' in body) || !(Symbol.iterator in body)) return body
  const copy = new (body.constructor as typeof FormData)()
  for (const [name, value] of body) copy.append(name, value as string)
  return copy
}

/**
 * Whether a `Request` has a body to be cloned. Where `body` is not implemented, any method but GET and
 * HEAD may carry one.
 */
export const hasBody = (request: Request): boolean => request.body !== null && !/^(GET|HEAD)$/i.test(request.method)
