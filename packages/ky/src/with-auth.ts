import type { Authorizer } from '@unexpired/core'
import { withAuth as authorizeFetch, type FetchAuthOptions } from '@unexpired/fetch'
import type { KyInstance } from 'ky'
import { giveUp } from './give-up.ts'
import { knowBody } from './know-body.ts'

declare module 'ky' {
  interface Options {
    /** `false` sends this one request as it is: no token, no replay. Default `true`. */
    tokenAuth?: boolean | undefined
  }
}

/**
 * A ky instance that sends a fresh access token to the origins of the policy, and replays a request
 * once when the token was refused. Everything else about the instance is kept: its hooks, its retries,
 * its timeout, which also counts the wait for a token, and a `fetch` of its own. What it `extend`s has
 * it as well; what it `create`s starts from nothing, as always in ky.
 *
 * @param client - `ky`, or what `create` or `extend` gave.
 * @param policy - From `createPolicy`; one for all clients of an app.
 * @param options - What is peculiar to this one instance.
 * @throws `TokenError` (as a rejection) when there is no usable token and none can be had; ky does not retry it.
 *
 * @example
 * ```ts
 * import { createPolicy } from '@unexpired/core'
 * import { withAuth } from '@unexpired/ky'
 * import ky from 'ky'
 *
 * const policy = createPolicy({ source, origins: ['https://api.example.com'] })
 * export const api = withAuth(ky.create({ prefix: 'https://api.example.com' }), policy)
 *
 * await api.get('me').json()
 * await api.get('health', { tokenAuth: false }).text()
 * ```
 */
export const withAuth = (
  client: KyInstance,
  policy: Authorizer,
  options?: FetchAuthOptions,
): KyInstance =>
  client.extend(({ fetch: send = fetch }) => ({
    fetch: authorizeFetch(send, policy, options),
    hooks: { init: [knowBody], beforeRetry: [giveUp] },
  }))
