import { adapterContract, type AdapterHarness, type ClientContext } from '@unexpired/testing/node'
import { ClientError, GraphQLClient } from 'graphql-request'
import { describe, test } from 'vitest'
import { withAuth } from './with-auth.ts'

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

describe.each([
  ['over 401', '/graphql'],
  ['over 200', '/graphql-200'],
])('graphql-request, refused %s', (_how, route) => {
  adapterContract({
    describe,
    test,
    harness: harnessAt(route),
    capabilities: { bodies: ['json'], optOut: false, ownRetry: false, timeout: false },
  })
})
