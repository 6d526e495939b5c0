import type { Authorizer } from '@unexpired/core'
import axios, { type AxiosInstance, type InternalAxiosRequestConfig } from 'axios'

import type { Adapter } from './send.ts'
import { withToken, type Ours } from './transport.ts'

/** What can be given a policy: an axios instance, `axios` itself, or an instance that another library has extended. */
export interface AxiosLike {
  /** Where axios keeps its interceptors. */
  readonly interceptors: {
    readonly request: { use(...handlers: never[]): number; eject(id: number): void }
  }
}

/** `handlers` is there in every axios 1.x; the types have it since 1.7. */
type RequestInterceptors = AxiosInstance['interceptors']['request'] & {
  readonly handlers: readonly ({ readonly fulfilled?: unknown } | null)[]
}

/** Found by what they do: the ids that `use` gave are somebody else's after `interceptors.request.clear()`. */
const isFor =
  (policy: Authorizer) =>
  (handler: { fulfilled?: unknown } | null): boolean =>
    (handler?.fulfilled as Ours | undefined)?.policy === policy

/**
 * Puts the token on every request of an axios instance that goes to an origin of the policy, and sends
 * a refused request once more with a new token. For whoever has an axios instance and a policy.
 *
 * - Works below all interceptors, by wrapping the adapter of each request: they run once, and so do
 *   `transformRequest` and `transformResponse`. Works with the `http`, `xhr` and `fetch` adapters and
 *   with one of your own, also where `defaults.adapter` is set later.
 * - A request that brings the header itself, or `auth`, is left alone; so is one with `tokenAuth: false`.
 * - A Node stream, a web stream or an npm `form-data` body is sent once: its 401 reaches the caller, and
 *   the token is refreshed for the next request.
 * - `timeout` counts from when a request is sent, and anew for the replay; the wait for a token has the
 *   policy's own limit. `signal` and `cancelToken` end that wait at once.
 * - Attaching a policy again changes nothing. Several policies serve one instance, each its own
 *   origins; where two name the same origin, the one that was attached first wins while it has a token.
 *
 * @param instance - an axios instance, or `axios` itself
 * @param policy - from `createPolicy`
 * @returns the same instance, typed as before
 * @throws AxiosError, from requests, with code `ERR_TOKEN` when no token can be had: its `cause` is the
 *   `TokenError`, which `findTokenError` finds, and its `response` the server's 401 where there was one.
 *   When the replay is refused as well, it is the server's own 401, as without us.
 *
 * @example
 * ```ts
 * import axios from 'axios'
 * import { createPolicy } from '@unexpired/core'
 * import { withAuth } from '@unexpired/axios'
 *
 * const policy = createPolicy({ source, origins: ['https://api.example.com'] })
 * export const api = withAuth(axios.create({ baseURL: 'https://api.example.com' }), policy)
 * ```
 */
export const withAuth = <T extends AxiosLike>(instance: T, policy: Authorizer): T => {
  const requests = instance.interceptors.request as RequestInterceptors
  if (requests.handlers.some(isFor(policy))) return instance
  const wrap = (config: InternalAxiosRequestConfig): InternalAxiosRequestConfig => {
    // An `Axios` that was made without defaults has no adapter of its own.
    const adapter = (config.adapter ?? axios.defaults.adapter) as Adapter
    // What axios-cache-interceptor has in its cache takes no config and asks no server: a token is not waited for.
    const isCached =
      (config as { cache?: unknown }).cache && !(adapter as { length: number }).length
    // A retry of a request that never reached its adapter comes with the wrapped one.
    if (!isCached && (adapter as Ours).policy !== policy)
      config.adapter = withToken(policy, adapter)
    return config
  }
  // Synchronous, so that the interceptors of others run when they would run without us.
  requests.use(Object.assign(wrap, { policy }), null, { synchronous: true })
  return instance
}

/**
 * Takes a policy off an axios instance: the next requests leave as without us, and those on their way
 * are not touched. For tests, and for apps that swap the policy of a long-lived instance.
 *
 * @param instance - what was given to {@link withAuth}
 * @param policy - the policy to take off
 * @returns the same instance
 *
 * @example
 * ```ts
 * withoutAuth(api, policy)
 * ```
 */
export const withoutAuth = <T extends AxiosLike>(instance: T, policy: Authorizer): T => {
  const requests = instance.interceptors.request as RequestInterceptors
  requests.eject(requests.handlers.findIndex(isFor(policy)))
  return instance
}
