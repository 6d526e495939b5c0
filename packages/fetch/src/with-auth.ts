import type { AuthHeader, Authorizer } from '@unexpired/core'
import { keep, mayHaveBody } from './body.ts'
import { discard } from './discard.ts'
import { isRequest, type FetchLike } from './fetch-like.ts'
import { lateBound } from './late-bound.ts'
import { tokenHeaders } from './token-headers.ts'

/** What a request can say about its token. */
export interface TokenAuthOption {
  /** `false` sends this one request as it is: no token, no replay. Default `true`. */
  readonly tokenAuth?: boolean | undefined
}

/** `fetch` with a token: called as `fetch` is, and one more key in its second parameter. */
export type AuthorizedFetch = (
  input: string | URL | Request,
  init?: RequestInit & TokenAuthOption,
) => Promise<Response>

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
 * @param options - What is peculiar to this one fetch.
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
export const withAuth: (
  client: FetchLike,
  policy: Authorizer,
  options?: FetchAuthOptions,
) => AuthorizedFetch = (client, policy, { isRefused } = {}) => {
  const { headerName } = policy
  const [send, isSending] = lateBound(client)

  return async (input, init) => {
    if (isSending()) return client(input, init)
    if (init && 'tokenAuth' in init) {
      const { tokenAuth, ...rest } = init
      if (tokenAuth === false) return send(input, rest)
      init = rest
    }
    const request = isRequest(input) ? input : undefined
    const url = isRequest(input) ? input.url : String(input)
    if (!policy.covers(url)) return send(input, init)
    const given = init?.headers ?? request?.headers ?? {}
    const own = Symbol.iterator in given ? [...given] : Object.entries(given)
    if (own.some(([name]) => name?.toLowerCase() === headerName)) return send(input, init)

    const kept = keep(init?.body ?? null)
    const body = kept ?? init?.body ?? null
    const signal = (init?.signal === undefined ? request?.signal : init.signal) ?? undefined
    const copy = (): typeof input =>
      request && !body && mayHaveBody(request) ? request.clone() : input
    const attempt = (header: AuthHeader | undefined): Promise<Response> => {
      const headers = header ? tokenHeaders(header) : new Headers()
      for (const pair of own) headers.append(...pair)
      // One spread, and first: anything more costs as much as all else that is done here.
      const ready: RequestInit = { ...init, headers }
      // Not `null`: Bun then sends a Request without its body.
      if (body !== null) ready.body = body
      if (request) {
        // Any init makes fetch forget the referrer of a Request, unless it is named again.
        ready.referrer ??= request.referrer
        ready.referrerPolicy ??= request.referrerPolicy
      }
      // Fetch drops `Authorization` where a redirect leaves the origin, and no other header.
      if (
        !header ||
        headerName === 'authorization' ||
        (ready.redirect ?? request?.redirect ?? 'follow') !== 'follow'
      )
        return send(copy(), ready)
      return send(copy(), { ...ready, redirect: 'manual' }).then(async (response) => {
        // The code for redirects is loaded for the first of them.
        if (response.ok || response.status > 308) return response
        const { follow } = await import('./redirect.ts')
        return follow(response, send, copy(), ready, headerName)
      })
    }

    const authorized = policy.authorize({ url, signal })
    const header = authorized && 'then' in authorized ? await authorized : authorized
    const response = await attempt(header)
    let again: AuthHeader | undefined
    try {
      const decision = policy.recover({
        url,
        signal,
        rejected: header,
        response,
        refused: isRefused && (await isRefused(response)),
        replayable: kept !== undefined,
      })
      // Not awaited where there is nothing to wait for: a promise more for each request is dear.
      again = decision && 'then' in decision ? await decision : decision
    } catch (error) {
      void discard(response)
      throw error
    }
    if (!again) return response
    await discard(response)
    return attempt(again)
  }
}
