import { Client, fetchExchange } from '@urql/core'
import { authExchange } from '@urql/exchange-auth'
import { spend } from '../world/world.ts'
import type { Contender } from './contender.ts'

const query = '{ ok }'

/** As in its README, with `willAuthError` looking at the expiry and `didAuthError` at the 401. */
export const urqlAuth: Contender = {
  name: '@urql/exchange-auth 3.0.0',
  role: 'peer',
  note: 'urql; willAuthError by expiry, didAuthError by 401',
  begin(world) {
    const client = new Client({
      url: `${world.origin}/graphql`,
      fetch: world.fetch as typeof fetch,
      requestPolicy: 'network-only',
      preferGetMethod: false,
      exchanges: [
        authExchange(async (utils) => {
          let { tokens } = world
          return {
            addAuthToOperation: (operation) =>
              utils.appendHeaders(operation, { Authorization: `Bearer ${tokens.accessToken}` }),
            willAuthError: () => tokens.expiresAt <= Date.now(),
            didAuthError: (error) => (error.response as Response | undefined)?.status === 401,
            async refreshAuth() {
              tokens = await spend(world, tokens.refreshToken)
            },
          }
        }),
        fetchExchange,
      ],
    })
    let serial = 0
    return {
      // Different variables, or urql takes concurrent queries for one.
      send: async () => {
        const { data, error } = await client.query(query, { n: ++serial }).toPromise()
        if (error) throw error
        return data ? 200 : 0
      },
    }
  },
}
