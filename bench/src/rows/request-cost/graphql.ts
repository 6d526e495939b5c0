import { GraphQLClient } from 'graphql-request'
import { withAuth } from '../../../../packages/graphql/dist/index.js'
import { policyOf } from '../../contenders/ours.ts'
import type { Row } from '../../line.ts'
import { compare, constantHeader, stillWorld, thing, type Candidate } from './compare.ts'

const world = stillWorld()
const answer = JSON.stringify({ data: { thing } })
const still = async (): Promise<Response> =>
  new Response(answer, { headers: { 'content-type': 'application/json' } })
const create = (): GraphQLClient => new GraphQLClient(`${world.origin}/graphql`, { fetch: still })

const hooked = (): GraphQLClient =>
  new GraphQLClient(`${world.origin}/graphql`, {
    fetch: still,
    requestMiddleware: async (request) => {
      const headers = new Headers(request.headers)
      headers.set('authorization', await constantHeader())
      return { ...request, headers }
    },
  })

/** GraphQL knows no GET and POST of interest: a query and a mutation are both a JSON POST. */
export const row: Row = (bench) => {
  const clients: readonly (Omit<Candidate, 'run'> & { readonly client: GraphQLClient })[] = [
    { name: 'graphql-request, bare', role: 'limit', client: create() },
    {
      name: 'graphql-request with a trivial async hook',
      role: 'limit',
      isHook: true,
      client: hooked(),
    },
    {
      name: 'unexpired + graphql-request',
      role: 'ours',
      client: withAuth(create(), policyOf(world)),
    },
  ]
  const document = 'query Thing($id: ID!) { thing(id: $id) { name tags } }'
  return compare(
    bench,
    'graphql-request query',
    clients.map(({ client, ...rest }) => ({
      ...rest,
      run: () => client.request(document, { id: 1 }),
    })),
  )
}
