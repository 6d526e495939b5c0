import { withAuth } from '@unexpired/graphql'
import type { AdapterHarness, ClientContext, ContractOptions } from '@unexpired/testing/node'
import { ClientError, GraphQLClient } from 'graphql-request'

interface Subject {
  readonly baseUrl: string
  readonly client: GraphQLClient
}

/** Asks for each path at a route of the API that speaks GraphQL. */
const harnessAt = (route: string): AdapterHarness<Subject> => {
  const endpoint = (path: string, baseUrl: string): string => {
    const url = new URL(path, baseUrl)
    // Only a 401 can carry a challenge.
    url.pathname = (url.searchParams.has('challenge') ? '/graphql' : route) + url.pathname
    return url.href
  }
  const through = (client: GraphQLClient, { baseUrl, policy }: ClientContext): Subject => ({
    baseUrl,
    client: policy ? withAuth(client, policy) : client,
  })
  return {
    create: (context) => through(new GraphQLClient(context.baseUrl), context),
    createObserved(context, onSend) {
      const observed = (): Promise<Response> => {
        onSend()
        return new Promise(() => {})
      }
      return through(new GraphQLClient(context.baseUrl, { fetch: observed }), context)
    },
    async request({ baseUrl, client }, { path, headers = {}, body, signal }) {
      try {
        const {
          status,
          headers: answered,
          ...answer
        } = await client.setEndpoint(endpoint(path, baseUrl)).rawRequest({
          query: 'query Contract { contract }',
          variables: body?.content ?? {},
          requestHeaders: headers,
          ...(signal && { signal }),
        })
        return { status, headers: Object.fromEntries(answered), body: answer.body }
      } catch (error) {
        if (!(error instanceof ClientError)) return { error }
        const refused = error.response.errors?.[0]?.extensions?.code === 'UNAUTHENTICATED'
        return { status: refused ? 401 : error.response.status, error }
      }
    },
  }
}

const at = (route: string): ContractOptions<Subject> => ({
  harness: harnessAt(route),
  capabilities: { bodies: ['json'], optOut: false, ownRetry: false, timeout: false },
})

/** The two ways in which servers of GraphQL refuse, by name. */
export const contracts: readonly (readonly [string, ContractOptions<Subject>])[] = [
  ['graphql-request, refused over 401', at('/graphql')],
  ['graphql-request, refused over 200', at('/graphql-200')],
]
