import axios from 'axios'
import { createAuthRefresh } from 'axios-auth-refresh'
import { spend, type World } from '../world/world.ts'
import type { Contender, Worker } from './contender.ts'

const begin = (world: World, isShared: boolean): Worker => {
  let { tokens } = world
  let flight: Promise<void> | undefined
  const client = axios.create({
    baseURL: world.origin,
    ...(world.adapter && { adapter: world.adapter }),
  })
  client.interceptors.request.use((config) => {
    config.headers.Authorization = `Bearer ${tokens.accessToken}`
    return config
  })
  const refresh = async (): Promise<void> => {
    tokens = await spend(world, tokens.refreshToken)
  }
  const shared = (): Promise<void> =>
    (flight ??= refresh().finally(() => {
      flight = undefined
    }))
  createAuthRefresh(client, isShared ? shared : refresh, { deduplicateRefresh: !isShared })
  return { send: async (path) => (await client.get(path)).status }
}

/** As in its README: `deduplicateRefresh` is on, which is recommended there. */
export const axiosAuthRefresh: Contender = {
  name: 'axios-auth-refresh 5.0.2',
  role: 'peer',
  begin: (world) => begin(world, false),
}

/** Its best: `deduplicateRefresh` off, so that siblings of a 401 are not lost, and a shared refresh of one's own. */
export const axiosAuthRefreshShared: Contender = {
  name: 'axios-auth-refresh 5.0.2, shared by hand',
  role: 'peer',
  note: 'deduplicateRefresh: false, and the refresh function shares its promise',
  begin: (world) => begin(world, true),
}
