import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client'
import type { Contender } from './contender.ts'

/** As in its README: a stored token, the fetch wrapper, and its own refresh by timer. */
export const badgatewayFetch: Contender = {
  name: '@badgateway/oauth2-client 3.3.1',
  role: 'peer',
  note: 'OAuth2Fetch with getStoredToken, refreshes scheduled',
  async begin(world) {
    const { accessToken, refreshToken, expiresAt } = world.tokens
    const wrapper = new OAuth2Fetch({
      client: new OAuth2Client({
        clientId: 'bench',
        tokenEndpoint: `${world.origin}/token`,
        fetch: world.fetch as typeof fetch,
      }),
      getNewToken: () => null,
      getStoredToken: () => ({ accessToken, refreshToken, expiresAt }),
    })
    // Its timer is set before the stored token is read; once it has been, the next token has one.
    const call = wrapper.mw()
    return {
      send: async (path) => {
        const answer = await call(new Request(world.origin + path), (request) =>
          world.fetch(request),
        )
        await answer.arrayBuffer()
        return answer.status
      },
    }
  },
}
