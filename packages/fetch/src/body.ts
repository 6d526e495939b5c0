/**
 * A body that can be sent twice, whatever its owner does with his own after the call: `fetch` reads a
 * body at once, a replay reads it later. `undefined` for what can be read only once: a stream, an async
 * iterable, npm's form-data. Told by shape, so that bodies of another realm or a polyfill count.
 */
export const keep = (body: BodyInit | null): BodyInit | null | undefined => {
  if (typeof body !== 'object' || !body) return body
  if ('byteLength' in body) {
    const { buffer, byteOffset, byteLength } = body as Uint8Array<ArrayBuffer>
    return new Uint8Array(buffer ?? body, byteOffset, byteLength).slice()
  }
  if ('pipe' in body || !('slice' in body || 'append' in body)) return undefined
  // A Blob does not change; the FormData of React Native cannot be listed.
  if (!(Symbol.iterator in body)) return body
  const copy = new (body.constructor as typeof FormData)()
  for (const [name, value] of body as FormData) copy.append(name, value as string)
  return copy
}

/**
 * Whether a `Request` may have a body to be cloned. The body itself is not looked at: not every platform
 * shows it, and Deno makes a stream of a text that is looked at, and sends it in chunks.
 */
export const mayHaveBody = ({ method }: Request): boolean => !/GET|HEAD/.test(method)
