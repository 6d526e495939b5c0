import { ApolloClient, gql, InMemoryCache } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { Client, subscriptionExchange, type OperationResult } from '@urql/core'
import { createClient, type Client as WsClient } from 'graphql-ws'
import { expect, test, vi } from 'vitest'
import { connect } from '../../test/ws-client.ts'

type Sink = Parameters<WsClient['subscribe']>[1]

const query = 'subscription { ticks }'

const urql = (client: WsClient, onData: (data: unknown) => void): void => {
  const forwardSubscription: Parameters<typeof subscriptionExchange>[0]['forwardSubscription'] = (
    request,
  ) => ({
    subscribe: (sink) => ({
      unsubscribe: client.subscribe({ ...request, query: request.query ?? '' }, sink as Sink),
    }),
  })
  new Client({
    url: 'http://127.0.0.1:1/',
    preferGetMethod: false,
    exchanges: [subscriptionExchange({ forwardSubscription })],
  })
    .subscription(query, {})
    .subscribe(({ data }: OperationResult<unknown>) => onData(data))
}

const apollo = (client: WsClient, onData: (data: unknown) => void): void => {
  new ApolloClient({ cache: new InMemoryCache(), link: new GraphQLWsLink(client) })
    .subscribe({ query: gql(query) })
    .subscribe(({ data }) => onData(data))
}

test.each([
  ['urql', urql],
  ['Apollo Client', apollo],
])('a subscription of %s outlives the refusal of its token', async (_client, subscribe) => {
  const { server, session, client, subscribed, tokens } = await connect(createClient)
  const received: unknown[] = []
  session.revoke()
  subscribe(client, (data) => received.push(data))
  await subscribed()
  server.tick(1)
  await vi.waitFor(() => expect(received).toEqual([{ ticks: 1 }]))
  expect(tokens()).toEqual(['Bearer token-1', 'Bearer token-2'])
})
