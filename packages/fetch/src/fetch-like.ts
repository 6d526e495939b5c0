/** Any function that is called and answers as `fetch` does. */
export type FetchLike = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** The `Request` among the inputs of fetch, by its shape: it may come from another realm or a polyfill. */
export const requestOf = (input: string | URL | Request): Request | undefined =>
  typeof input === 'object' && 'url' in input ? input : undefined

/** The address that an input of fetch names, as it was written. */
export const urlOf = (input: string | URL | Request): string => requestOf(input)?.url ?? String(input)
