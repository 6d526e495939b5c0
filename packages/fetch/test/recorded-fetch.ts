import type { FetchLike } from '@unexpired/fetch'

/** A call as it came in. */
export interface Call {
  readonly input: string | URL | Request
  readonly init: RequestInit | undefined
}

/** The real fetch, which remembers how it was called. */
export const recordedFetch = (): FetchLike & { readonly calls: Call[] } => {
  const calls: Call[] = []
  const send: FetchLike = (input, init) => {
    calls.push({ input, init })
    return fetch(input, init)
  }
  return Object.assign(send, { calls })
}
