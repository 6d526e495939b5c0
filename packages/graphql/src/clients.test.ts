import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { BatchHttpLink } from '@apollo/client/link/batch-http'
import { findTokenError, TokenError } from '@unexpired/core'
import { withAuth, type FetchLike } from '@unexpired/fetch'
import { Client, fetchExchange } from '@urql/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { refusal, serveGraphql, type GraphqlServer, type Refusal } from '../test/http-server.ts'
import { createTestSession, type TestSession } from '../test/session.ts'
import { graphqlRefusal } from './refusal.ts'

/** One call of a client: its data, or a throw of what the client gives its user. */
type Query = (query: string, variables?: Record<string, unknown>) => Promise<unknown>

const urql = (url: string, fetch: FetchLike): Query => {
  const client = new Client({ url, exchanges: [fetchExchange], fetch, preferGetMethod: false })
  return async (query, variables) => {
    const { data, error } = query.startsWith('mutation')
      ? await client.mutation(query, variables)
      : await client.query(query, variables)
    if (error) throw error
    return data as unknown
  }
}

const apollo = (url: string, fetch: FetchLike): Query => {
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: new HttpLink({ uri: url, fetch }),
  })
  return async (query, variables = {}) => {
    const document = gql(query)
    const { data } = query.startsWith('mutation')
      ? await client.mutate({ mutation: document, variables })
      : await client.query({ query: document, variables, fetchPolicy: 'no-cache' })
    return data
  }
}

const start = async (
  refuse?: Refusal,
): Promise<{ server: GraphqlServer; session: TestSession; fetch: FetchLike }> => {
  const session = createTestSession()
  const server = await serveGraphql(session.isAccepted, refuse)
  onTestFinished(() => server.close())
  const policy = session.policyFor(server.origin)
  return { server, session, fetch: withAuth(fetch, policy, { isRefused: graphqlRefusal() }) }
}

describe.each([
  ['urql', urql],
  ['Apollo Client', apollo],
])('%s, with the fetch adapter and the refusal rule', (_client, connect) => {
  const me = '{ me { name } }'

  test.each<[string, Refusal]>([
    ['an error code of a resolver', 'resolvers'],
    ['an error code in place of an answer', refusal('UNAUTHENTICATED')],
    ['a 401', { status: 401, type: 'text/plain', body: 'Unauthorized' }],
  ])('a refusal by %s is cured by one refresh and one replay', async (_kind, refuse) => {
    const { server, session, fetch } = await start(refuse)
    session.revoke()
    expect(await connect(server.url, fetch)(me)).toMatchObject({ me: { name: 'Alice' } })
    expect(server.arrived.map(({ authorization }) => authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ])
  })

  test('a document is sent again with the same variables', async () => {
    const { server, session, fetch } = await start(refusal('UNAUTHENTICATED'))
    session.revoke()
    const hello = 'query Hello($name: String!) { hello(name: $name) }'
    expect(await connect(server.url, fetch)(hello, { name: 'Bob' })).toEqual({ hello: 'Hello Bob' })
    expect(server.arrived[0]!.body).toContain('Bob')
    expect(server.arrived[1]!.body).toBe(server.arrived[0]!.body)
  })

  test('a mutation whose resolver has run is not sent again', async () => {
    const { server, session, fetch } = await start()
    session.revoke()
    const order = 'mutation { order(item: "tea") { item receipt } }'
    await expect(connect(server.url, fetch)(order)).rejects.toThrow('Not signed in')
    expect(server.orders).toEqual(['tea'])
  })

  test('the typed error is found in what the client gives', async () => {
    const { server, session, fetch } = await start()
    session.revoke()
    session.failWith(new TokenError('session-expired', 'The session is over. Sign in again.'))
    const error = await connect(server.url, fetch)(me).catch((problem: unknown) => problem)
    expect(findTokenError(error)?.code).toBe('session-expired')
  })
})

test('a batch of Apollo Client is sent again as a whole', async () => {
  const { server, session, fetch } = await start()
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: new BatchHttpLink({ uri: server.url, fetch, batchInterval: 5 }),
  })
  session.revoke()
  const query = gql('{ me { name } }')
  const ask = (): Promise<{ data?: unknown }> => client.query({ query, fetchPolicy: 'no-cache' })
  const [one, two] = await Promise.all([ask(), ask()])
  expect([one.data, two.data]).toMatchObject([{ me: { name: 'Alice' } }, { me: { name: 'Alice' } }])
  expect(server.arrived).toHaveLength(2)
})

test('without the rule, the same refusal reaches the user: what these tests can fail on', async () => {
  const { server, session } = await start(refusal('UNAUTHENTICATED'))
  session.revoke()
  const query = apollo(server.url, withAuth(fetch, session.policyFor(server.origin)))
  await expect(query('{ me { name } }')).rejects.toSatisfy((error) =>
    CombinedGraphQLErrors.is(error),
  )
  expect(server.arrived).toHaveLength(1)
})
