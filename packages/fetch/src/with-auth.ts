import type { AuthHeader, Authorizer } from '@unexpired/core'
import { hasBody, isReplayable, snapshot } from './body.ts'
import { discard } from './discard.ts'
import { requestOf, urlOf, type FetchLike } from './fetch-like.ts'
import { bindToOrigin } from './redirect.ts'

/** What a request can say about its token. */
export interface TokenAuthOption {
  /** `false` sends this one request as it is: no token, no replay. Default `true`. */
  readonly tokenAuth?: boolean | undefined
}

/** `fetch` with a token: called as `fetch` is, and one more key in its second parameter. */
export type AuthorizedFetch = (input: string | URL | Request, init?: RequestInit & TokenAuthOption) => Promise<Response>

/** The settings of one wrapped fetch. What is true for every client belongs into the policy. */
export interface FetchAuthOptions {
  /**
   * Whether an answer refuses the token by other means than its status, as GraphQL does over 200. Reads
   * a clone of the answer, never the answer itself. Default: the policy judges by status and headers.
   */
  readonly isRefused?: ((response: Response) => boolean | Promise<boolean>) | undefined
}

/**
 * A fetch that sends a fresh access token to the origins of the policy, and replays a request once
 * when the token was refused. Requests elsewhere, requests that bring the header themselves, and those
 * with `tokenAuth: false` go through untouched.
 *
 * Given the global `fetch`, it looks that up at each call, so that tools which replace it later still work.
 * A body that can be read only once (a stream) is never replayed: the caller gets the refusal, and the
 * token is refreshed for the next request.
 *
 * @param client - `fetch`, or any function of its shape.
 * @param policy - From `createPolicy`; one for all clients of an app.
 * @throws `TokenError` (as a rejection) when there is no usable token and none can be had; its code says
 * why. With a custom header name in a browser also `redirected`. An abort rejects with the signal's reason.
 *
 * @example
 * ```ts
 * import { createPolicy } from '@unexpired/core'
 * import { withAuth } from '@unexpired/fetch'
 *
 * const policy = createPolicy({ source, origins: ['https://api.example.com'] })
 * export const api = withAuth(fetch, policy)
 *
 * await api('https://api.example.com/me')
 * await api('https://api.example.com/health', { tokenAuth: false })
 * ```
 */
export const withAuth = (client: FetchLike, policy: Authorizer, options: FetchAuthOptions = {}): AuthorizedFetch => {
  const { headerName } = policy
  const { isRefused } = options
  const isGlobal = client === globalThis.fetch
  let inside = false

  const send: FetchLike = isGlobal
    ? (input, init) => {
        inside = true
        try {
          return globalThis.fetch(input, init)
        } finally {
          inside = false
        }
      }
    : client
  const sendToken = headerName === 'authorization' ? send : bindToOrigin(send, headerName)

  return async (input, init) => {
    // The result may itself have become the global fetch, or a part of it.
    if (inside) return client(input, init)
    if (init && 'tokenAuth' in init) {
      const { tokenAuth, ...rest } = init
      if (tokenAuth === false) return send(input, rest)
      init = rest
    }
    const request = requestOf(input)
    const url = urlOf(input)
    if (!policy.covers(url)) return send(input, init)
    const headers = new Headers(init?.headers ?? request?.headers)
    if (headers.has(headerName)) return send(input, init)

    const signal = (init?.signal === undefined ? request?.signal : init.signal) ?? undefined
    const replayable = isReplayable(init?.body)
    const body = init?.body != null && replayable ? snapshot(init.body) : init?.body
    const attempt = (header: AuthHeader | undefined, source: typeof input, sent: Headers): Promise<Response> => {
      if (header) sent.set(header.name, header.value)
      // Any init makes fetch forget the referrer of a Request, unless it is named again.
      const kept = request && { referrer: request.referrer, referrerPolicy: request.referrerPolicy }
      return (header ? sendToken : send)(source, { ...kept, ...init, headers: sent, ...(body != null && { body }) })
    }

    const authorized = policy.authorize({ url, signal })
    const header = authorized && 'then' in authorized ? await authorized : authorized
    const spare = request && body == null && hasBody(request) ? request.clone() : input
    const response = await attempt(header, input, headers)
    try {
      const refused = isRefused && (await isRefused(response))
      const recovered = policy.recover({ url, signal, rejected: header, response, refused, replayable })
      const again = recovered && 'then' in recovered ? await recovered : recovered
      if (!again) return response
      await discard(response)
      return attempt(again, spare, new Headers(headers))
    } catch (error) {
      void discard(response)
      throw error
    }
  }
}
