import type { Policy } from '@unexpired/core'
import { withAuth as withFetchAuth } from '@unexpired/fetch'
import { graphqlRefusal, type GraphqlRefusalOptions } from './refusal.ts'

/** What is used of a client of graphql-request: where it takes its `fetch` from. */
export interface FetchingClient {
  /** The settings that graphql-request reads at each call. */
  readonly requestConfig: { fetch?: typeof fetch | undefined }
}

/** A fetch that was wrapped here, marked so that it is not wrapped twice. */
type AuthorizedByPolicy = typeof fetch & { readonly policy?: Policy }

/**
 * Gives a `GraphQLClient` of graphql-request a fresh access token for every request, and sends a refused
 * document once more, with the same variables and a new token.
 *
 * The client itself is given back, typed as before. Its `fetch` is wrapped, one of your own included;
 * `setHeader`, `setEndpoint`, `rawRequest` and `batchRequests` work as they did. The object of options
 * that you made the client with is not touched. Attaching a policy again changes nothing.
 *
 * An `authorization` header of your own is left alone: that request is yours.
 *
 * A refusal is an HTTP 401 or one of the error codes of {@link graphqlRefusal}.
 *
 * @throws `TokenError` (from the calls of the client) when no usable token can be had; look for it
 * with `findTokenError`. Every other answer of the server arrives as graphql-request's `ClientError`.
 *
 * @example
 * ```ts
 * import { GraphQLClient } from 'graphql-request'
 * import { withAuth } from '@unexpired/graphql'
 * import { policy } from './tokens.ts'
 *
 * export const client = withAuth(new GraphQLClient('https://api.example.com/graphql'), policy)
 * const { me } = await client.request<{ me: { name: string } }>('{ me { name } }')
 * ```
 */
export const withAuth = <T extends FetchingClient>(
  client: T,
  policy: Policy,
  options?: GraphqlRefusalOptions,
): T => {
  const { fetch: own } = client.requestConfig as { fetch?: AuthorizedByPolicy }
  if (own?.policy === policy) return client
  const authorized = withFetchAuth(own ?? fetch, policy, { isRefused: graphqlRefusal(options) })
  // A copy: clients may share one object of options, and must not share a token by that.
  const requestConfig = { ...client.requestConfig, fetch: Object.assign(authorized, { policy }) }
  return Object.assign(client, { requestConfig })
}
