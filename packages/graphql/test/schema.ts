import { EventEmitter, on } from 'node:events'
import { createRequire } from 'node:module'
import type * as Graphql from 'graphql'
import type { GraphQLObjectType, GraphQLSchema } from 'graphql'

// The copy that graphql-ws loads, and not the one that Vite would: graphql wants to be there once.
const { buildSchema, graphql, GraphQLError } = createRequire(import.meta.url)(
  'graphql',
) as typeof Graphql

/** Executes one document. */
export const execute: typeof graphql = graphql

/** What a resolver is told about who asks. */
export interface Context {
  readonly isAuthenticated: boolean
}

/** A schema whose resolvers ask for a token themselves, with a log of what was really done. */
export interface TestSchema {
  readonly schema: GraphQLSchema
  readonly orders: string[]
  /** Sends a number to all subscribers of `ticks`. */
  tick(value: number): void
  /** How many subscriptions to `ticks` run now. */
  subscribers(): number
}

export const createSchema = (): TestSchema => {
  const orders: string[] = []
  const hub = new EventEmitter()
  const schema = buildSchema(`
    type Query { me: User!, hello(name: String!): String!, secret: String }
    type Mutation { order(item: String!): Order!, slow(item: String!): String! }
    type Subscription { ticks: Int! }
    type User { name: String! }
    type Order { item: String!, receipt: String! }
  `)
  const authenticated = ({ isAuthenticated }: Context): string => {
    if (!isAuthenticated) {
      throw new GraphQLError('Not signed in', { extensions: { code: 'UNAUTHENTICATED' } })
    }
    return 'yours'
  }
  const resolvers: Record<string, Record<string, object>> = {
    Query: {
      me: {
        resolve(_: unknown, __: unknown, context: Context) {
          authenticated(context)
          return { name: 'Alice' }
        },
      },
      hello: { resolve: (_: unknown, { name }: { name: string }) => `Hello ${name}` },
      secret: { resolve: (_: unknown, __: unknown, context: Context) => authenticated(context) },
    },
    Mutation: {
      order: {
        resolve(_: unknown, { item }: { item: string }) {
          orders.push(item)
          return { item }
        },
      },
      slow: {
        async resolve(_: unknown, { item }: { item: string }) {
          orders.push(item)
          await new Promise((resolve) => setTimeout(resolve, 300))
          return item
        },
      },
    },
    Order: {
      receipt: { resolve: (_: unknown, __: unknown, context: Context) => authenticated(context) },
    },
    Subscription: {
      ticks: { subscribe: () => on(hub, 'tick'), resolve: ([value]: [number]) => value },
    },
  }
  for (const [type, fields] of Object.entries(resolvers)) {
    const known = (schema.getType(type) as GraphQLObjectType).getFields()
    for (const [name, resolver] of Object.entries(fields))
      Object.assign(known[name] ?? {}, resolver)
  }
  return {
    schema,
    orders,
    tick: (value) => hub.emit('tick', value),
    subscribers: () => hub.listenerCount('tick'),
  }
}
