import { createAlova } from 'alova'
import { createClientTokenAuthentication } from 'alova/client'
import adapterFetch from 'alova/fetch'
import { spend } from '../world/world.ts'
import type { Contender } from './contender.ts'

/** As in its guide: `refreshToken` before the request, by expiry. Caching is off, or there would be no requests. */
export const alovaAuth: Contender = {
  name: "alova 3.5.5's token authentication",
  role: 'peer',
  note: 'createClientTokenAuthentication by expiry; cache and request sharing off',
  begin(world) {
    let { tokens } = world
    const { onAuthRequired, onResponseRefreshToken } = createClientTokenAuthentication({
      assignToken: (method) => {
        method.config.headers.Authorization = `Bearer ${tokens.accessToken}`
      },
      refreshToken: {
        isExpired: () => tokens.expiresAt <= Date.now(),
        handler: async () => {
          tokens = await spend(world, tokens.refreshToken)
        },
      },
    })
    const client = createAlova({
      baseURL: world.origin,
      requestAdapter: adapterFetch({ customFetch: world.fetch as typeof fetch }),
      cacheFor: null,
      shareRequest: false,
      beforeRequest: onAuthRequired(),
      responded: onResponseRefreshToken({
        onSuccess: async (response: Response) => {
          await response.arrayBuffer()
          if (!response.ok) throw new Error(`answered ${response.status}`)
          return response.status
        },
      }),
    })
    return { send: (path) => client.Get<number>(path).send() }
  },
}
