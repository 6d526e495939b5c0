/** Any function that is called and answers as `fetch` does. */
export type FetchLike = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** Whether an input of fetch is a `Request`, by its shape: it may come from another realm or a polyfill. */
export const isRequest = (input: string | URL | Request): input is Request =>
  typeof input === 'object' && 'url' in input
