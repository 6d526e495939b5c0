import axios from 'axios'
import { applyAuthTokenInterceptor, setAuthTokens } from 'axios-jwt'
import { spend } from '../world/world.ts'
import type { Contender } from './contender.ts'

/** As in its README, with a storage in memory, and both tokens given back because they rotate. */
export const axiosJwt: Contender = {
  name: 'axios-jwt 4.0.3',
  role: 'peer',
  note: 'getStorage in memory',
  async begin(world) {
    const stored = new Map<string, string>()
    const client = axios.create({
      baseURL: world.origin,
      ...(world.adapter && { adapter: world.adapter }),
    })
    applyAuthTokenInterceptor(client, {
      requestRefresh: (refreshToken) => spend(world, refreshToken),
      getStorage: () => ({
        set: async (key: string, value: string) => void stored.set(key, value),
        get: async (key: string) => stored.get(key) ?? null,
        remove: async (key: string) => void stored.delete(key),
      }),
    })
    const { accessToken, refreshToken } = world.tokens
    await setAuthTokens({ accessToken, refreshToken })
    return { send: async (path) => (await client.get(path)).status }
  },
}
