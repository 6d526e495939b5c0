import { isTokenError, type Authorizer } from '@unexpired/core'
import { withAuth as authorizeFetch, type FetchAuthOptions } from '@unexpired/fetch'
import type { $Fetch, FetchOptions } from 'ofetch'

declare module 'ofetch' {
  interface FetchOptions {
    /** `false` sends this one request as it is: no token, no replay. Default `true`. */
    tokenAuth?: boolean | undefined
  }
}

/**
 * An ofetch instance that sends a fresh access token to the origins of the policy, and replays a
 * request once when the token was refused. Everything else about the instance is kept: its defaults
 * and hooks, its own retries, and the local fetch of Nuxt and Nitro. What it `create`s has it as well.
 *
 * @param client - `$fetch`, `ofetch`, or what `create` gave; the type that comes out is the one that went in.
 * @param policy - From `createPolicy`; one for all clients of an app.
 * @param options - What is peculiar to this one instance.
 * @throws `FetchError` (as a rejection) whose `cause` is a `TokenError` when there is no usable token
 * and none can be had; `findTokenError(error)` finds it. It is not retried.
 *
 * @example
 * ```ts
 * import { createPolicy } from '@unexpired/core'
 * import { withAuth } from '@unexpired/ofetch'
 * import { $fetch } from 'ofetch'
 *
 * const policy = createPolicy({ source, origins: ['https://api.example.com'] })
 * export const api = withAuth($fetch.create({ baseURL: 'https://api.example.com' }), policy)
 *
 * await api('/me')
 * await api('/health', { tokenAuth: false })
 * ```
 */
export const withAuth = <T extends object>(
  client: T,
  policy: Authorizer,
  options?: FetchAuthOptions,
): T => {
  const { create, native } = client as unknown as $Fetch
  const authorized = authorizeFetch(native, policy, options)
  const fetch: typeof native = (input, init = {}) => {
    // The options that ofetch has deleted from are slow to spread: in a new object they are not.
    const sent: Record<string, unknown> = {}
    for (const name of Object.keys(init)) sent[name] = init[name as keyof typeof init]
    return authorized(input, sent).catch((error: unknown) => {
      // `init` is ofetch's own options object: it would repeat a GET, and with it the failed refresh.
      if (isTokenError(error)) (init as FetchOptions).retry = false
      throw error
    })
  }
  return create({}, { fetch }) as unknown as T
}
