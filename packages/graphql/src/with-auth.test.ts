import { findTokenError, TokenError } from '@unexpired/core'
import * as newest from 'graphql-request'
import * as oldest from 'graphql-request-5'
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest'
import { refusal, serveGraphql, type GraphqlServer, type Refusal } from '../test/http-server.ts'
import { createTestSession, type TestSession } from '../test/session.ts'
import { withAuth } from './with-auth.ts'

const me = '{ me { name } }'
const hello = 'query Hello($name: String!) { hello(name: $name) }'

const start = async (
  refuse?: Refusal,
  options?: Parameters<typeof createTestSession>[0],
): Promise<{ server: GraphqlServer; session: TestSession }> => {
  const session = createTestSession(options)
  const server = await serveGraphql(session.isAccepted, refuse)
  onTestFinished(() => server.close())
  return { server, session }
}

const tokens = ({ arrived }: GraphqlServer): (string | undefined)[] =>
  arrived.map(({ authorization }) => authorization)

describe.each([
  ['the newest graphql-request', newest.GraphQLClient],
  [
    'the oldest supported graphql-request',
    oldest.GraphQLClient as unknown as typeof newest.GraphQLClient,
  ],
])('%s', (_version, GraphQLClient) => {
  const connect = async (
    refuse?: Refusal,
    options?: Parameters<typeof createTestSession>[0],
  ): Promise<{ server: GraphqlServer; session: TestSession; client: newest.GraphQLClient }> => {
    const { server, session } = await start(refuse, options)
    const client = withAuth(new GraphQLClient(server.url), session.policyFor(server.origin))
    return { server, session, client }
  }

  test('sends the token with a request, a raw request and a batch', async () => {
    const { server, client } = await connect()
    expect(await client.request(me)).toEqual({ me: { name: 'Alice' } })
    expect((await client.rawRequest(me)).data).toEqual({ me: { name: 'Alice' } })
    expect(await client.batchRequests([{ document: me }])).toMatchObject([
      { data: { me: { name: 'Alice' } } },
    ])
    expect(tokens(server)).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-1'])
  })

  test.each<[string, Refusal]>([
    ['a resolver, over 200', 'resolvers'],
    ['Apollo Server, over 200', refusal('UNAUTHENTICATED')],
    ['Hasura, over 200', refusal('invalid-jwt')],
    ['Apollo Server from its context, over 500', { ...refusal('UNAUTHENTICATED'), status: 500 }],
    [
      'GraphQL over HTTP',
      { ...refusal('UNAUTHENTICATED'), status: 401, type: 'application/graphql-response+json' },
    ],
    ['a gateway that speaks no GraphQL', { status: 401, type: 'text/plain', body: 'Unauthorized' }],
  ])('a refusal by %s is cured by one refresh and one replay', async (_server, refuse) => {
    const { server, session, client } = await connect(refuse)
    session.revoke()
    expect(await client.request(me)).toEqual({ me: { name: 'Alice' } })
    expect(tokens(server)).toEqual(['Bearer token-1', 'Bearer token-2'])
    expect(session.refreshes()).toBe(1)
  })

  test('the document is sent again with the same variables', async () => {
    const { server, session, client } = await connect(refusal('UNAUTHENTICATED'))
    session.revoke()
    expect(await client.request(hello, { name: 'Grüße 🎉' })).toEqual({ hello: 'Hello Grüße 🎉' })
    const [first, second] = server.arrived
    expect(JSON.parse(first!.body)).toMatchObject({ query: hello, variables: { name: 'Grüße 🎉' } })
    expect(second!.body).toBe(first!.body)
  })

  test('so is a query by GET', async () => {
    const { server, session } = await start(refusal('UNAUTHENTICATED'))
    const client = withAuth(
      new GraphQLClient(server.url, { method: 'GET' }),
      session.policyFor(server.origin),
    )
    session.revoke()
    expect(await client.request(hello, { name: 'Bob' })).toEqual({ hello: 'Hello Bob' })
    expect(server.arrived[1]!.url).toBe(server.arrived[0]!.url)
    expect(server.arrived[0]!.url).toContain('Bob')
  })

  test('twenty refused requests share one refresh', async () => {
    const { server, session, client } = await connect()
    session.revoke()
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.request(me)))
    expect(answers).toEqual(Array.from({ length: 20 }, () => ({ me: { name: 'Alice' } })))
    expect(session.refreshes()).toBe(1)
    expect(server.arrived.length).toBeLessThanOrEqual(40)
  })

  test('a new token that is refused as well ends in the answer of the server', async () => {
    const { server, session, client } = await connect()
    session.acceptNothing()
    const error = await client.request(me).catch((problem: unknown) => problem)
    expect((error as newest.ClientError).response.errors?.[0]?.extensions).toEqual({
      code: 'UNAUTHENTICATED',
    })
    expect(tokens(server)).toEqual(['Bearer token-1', 'Bearer token-2'])
    expect(session.refreshes()).toBe(1)
  })

  test('partial data is the answer, and not sent for again', async () => {
    const { server, session } = await start()
    const client = withAuth(
      new GraphQLClient(server.url, { errorPolicy: 'all' }),
      session.policyFor(server.origin),
    )
    session.revoke()
    const { data, errors } = await client.rawRequest('{ secret, hello(name: "Bob") }')
    expect(data).toEqual({ secret: null, hello: 'Hello Bob' })
    expect(errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED')
    expect(server.arrived.length).toBe(1)
  })

  test('a mutation whose resolver has run is not sent again', async () => {
    const { server, session, client } = await connect()
    session.revoke()
    await expect(
      client.request('mutation { order(item: "tea") { item receipt } }'),
    ).rejects.toThrow('Not signed in')
    expect(server.orders).toEqual(['tea'])
  })

  test('a batch is sent again when all of it was refused, and not when a part was done', async () => {
    const { server, session, client } = await connect()
    session.revoke()
    const all = await client.batchRequests([{ document: me }, { document: me }])
    expect(all).toMatchObject([
      { data: { me: { name: 'Alice' } } },
      { data: { me: { name: 'Alice' } } },
    ])
    expect(server.arrived.length).toBe(2)

    session.revoke()
    const part = client.batchRequests([
      { document: me },
      { document: hello, variables: { name: 'Bob' } },
    ])
    await expect(part).rejects.toMatchObject({ response: { status: 200 } })
    expect(server.arrived.length).toBe(3)
  })

  test('a refused batch may be answered with one object, as Hasura does', async () => {
    const { session, client } = await connect(refusal('invalid-jwt'))
    session.revoke()
    expect(await client.batchRequests([{ document: me }, { document: me }])).toHaveLength(2)
  })

  test('a code of your own can mean a refusal', async () => {
    const { server, session } = await start(refusal('TOKEN_EXPIRED'))
    const policy = session.policyFor(server.origin)
    const client = withAuth(new GraphQLClient(server.url), policy, { codes: ['TOKEN_EXPIRED'] })
    session.revoke()
    expect(await client.request(me)).toEqual({ me: { name: 'Alice' } })
  })

  test('other errors of the server arrive as they do without us', async () => {
    const { server, client } = await connect()
    await expect(client.request('{ nothing }')).rejects.toMatchObject({
      response: { errors: [{ message: 'Cannot query field "nothing" on type "Query".' }] },
    })
    expect(server.arrived.length).toBe(1)
  })

  test('setHeader, setHeaders and setEndpoint work as they did', async () => {
    const { server, session } = await start()
    const client = withAuth(
      new GraphQLClient('http://127.0.0.1:1/'),
      session.policyFor(server.origin),
    )
    client.setEndpoint(server.url)
    client.setHeaders({ 'x-a': '1' })
    client.setHeader('x-b', '2')
    const seen: unknown[] = []
    server.http.prependListener('request', ({ headers }) =>
      seen.push([headers['x-a'], headers['x-b']]),
    )
    expect(await client.request(me)).toEqual({ me: { name: 'Alice' } })
    expect(seen).toEqual([['1', '2']])
  })

  test('an authorization of your own wins, for the client and for one request', async () => {
    const { server, client } = await connect()
    await client.request(hello, { name: 'Bob' }, { Authorization: 'Bearer mine' })
    client.setHeader('authorization', 'Bearer mine-too')
    await client.request(hello, { name: 'Bob' })
    expect(tokens(server)).toEqual(['Bearer mine', 'Bearer mine-too'])
  })

  test('a fetch of your own is wrapped', async () => {
    const { server, session } = await start()
    const seen: unknown[] = []
    const own: typeof fetch = (input, init) => {
      seen.push(new Headers(init?.headers).get('authorization'))
      return fetch(input, init)
    }
    const client = withAuth(
      new GraphQLClient(server.url, { fetch: own }),
      session.policyFor(server.origin),
    )
    session.revoke()
    await client.request(me)
    expect(seen).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  test('an endpoint elsewhere gets no token', async () => {
    const { server, session } = await start(undefined)
    const client = withAuth(
      new GraphQLClient(server.url),
      session.policyFor('https://api.example.com'),
    )
    await client.request(hello, { name: 'Bob' })
    expect(tokens(server)).toEqual([undefined])
  })

  test('nobody signed in: public documents work, a refusal says so', async () => {
    const { server, client } = await connect(undefined, { signedIn: false })
    expect(await client.request(hello, { name: 'Bob' })).toEqual({ hello: 'Hello Bob' })
    const error = await client.request(me).catch((problem: unknown) => problem)
    expect(findTokenError(error)?.code).toBe('signed-out')
    expect(server.arrived.length).toBe(2)
  })

  test('a refresh that fails rejects with the typed error, and not with the refusal', async () => {
    const { session, client } = await connect()
    session.revoke()
    session.failWith(new TokenError('session-expired', 'The session is over. Sign in again.'))
    const error = await client.request(me).catch((problem: unknown) => problem)
    expect(findTokenError(error)?.code).toBe('session-expired')
  })

  test('an abort ends the wait with the reason of the caller', async () => {
    const { session, client } = await connect()
    session.revoke()
    const controller = new AbortController()
    const waiting = client.request({ document: me, signal: controller.signal })
    setTimeout(() => controller.abort(new Error('changed my mind')), 1)
    await expect(waiting).rejects.toThrow('changed my mind')
  })

  test('attaching a policy again changes nothing', async () => {
    const { server, session } = await start()
    const policy = session.policyFor(server.origin)
    const client = withAuth(new GraphQLClient(server.url), policy)
    const { fetch: attached } = client.requestConfig
    expect(withAuth(client, policy).requestConfig.fetch).toBe(attached)
    session.revoke()
    await client.request(me)
    expect(tokens(server)).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  test('clients that share their options do not share a token', async () => {
    const { server, session } = await start()
    const options = { headers: { 'x-app': 'shop' } }
    const other = new GraphQLClient(server.url, options)
    const client = withAuth(
      new GraphQLClient(server.url, options),
      session.policyFor(server.origin),
    )
    await other.request(hello, { name: 'Bob' })
    await client.request(hello, { name: 'Bob' })
    expect(tokens(server)).toEqual([undefined, 'Bearer token-1'])
    expect(options).toEqual({ headers: { 'x-app': 'shop' } })
  })
})

test('the client is the same one, typed as before', async () => {
  const { server, session } = await start()
  const client = new newest.GraphQLClient(server.url)
  const authorized = withAuth(client, session.policyFor(server.origin))
  expect(authorized).toBe(client)
  expectTypeOf(authorized).toEqualTypeOf<newest.GraphQLClient>()
  expectTypeOf(authorized.request<{ me: string }>).returns.resolves.toEqualTypeOf<{ me: string }>()
  const old = withAuth(new oldest.GraphQLClient(server.url), session.policyFor(server.origin))
  expectTypeOf(old).toEqualTypeOf<oldest.GraphQLClient>()
})
