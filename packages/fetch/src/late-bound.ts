import type { FetchLike } from './fetch-like.ts'

/**
 * Gives a fetch that looks the global one up at each call, if that is what it was given: test tools
 * and tracers replace it later. Any other fetch comes back as it is.
 *
 * The second says whether a call comes out of the first: then its caller has become the global fetch,
 * or a part of it, and would go round in circles.
 */
export const lateBound = (
  client: FetchLike,
): readonly [send: FetchLike, isSending: () => boolean] => {
  if (client !== globalThis.fetch) return [client, () => false]
  let isSending = false
  const send: FetchLike = (input, init) => {
    isSending = true
    try {
      return globalThis.fetch(input, init)
    } finally {
      isSending = false
    }
  }
  return [send, () => isSending]
}
