import axios, { type AxiosInstance } from 'axios'
import { createAuthRefresh } from 'axios-auth-refresh'
import { applyAuthTokenInterceptor, setAuthTokens } from 'axios-jwt'
import { withAuth } from '../../../../packages/axios/dist/index.js'
import { policyOf } from '../../contenders/ours.ts'
import type { Row } from '../../line.ts'
import { compare, constantHeader, stillWorld, thing, type Candidate } from './compare.ts'

const world = stillWorld()
const create = (): AxiosInstance =>
  axios.create({
    baseURL: world.origin,
    adapter: world.adapter as NonNullable<typeof world.adapter>,
  })

const hooked = (): AxiosInstance => {
  const client = create()
  client.interceptors.request.use(async (config) => {
    config.headers.Authorization = await constantHeader()
    return config
  })
  return client
}

const widespread = (): AxiosInstance => {
  const client = create()
  client.interceptors.request.use(async (config) => {
    const { exp } = JSON.parse(atob(world.tokens.accessToken.split('.')[1] ?? '')) as {
      exp: number
    }
    if (exp * 1000 - Date.now() < 300_000) throw new Error('The token of this row is fresh.')
    config.headers.Authorization = `Bearer ${world.tokens.accessToken}`
    return config
  })
  return client
}

const authRefresh = (): AxiosInstance => {
  const client = create()
  client.interceptors.request.use((config) => {
    config.headers.Authorization = `Bearer ${world.tokens.accessToken}`
    return config
  })
  createAuthRefresh(client, async () => {})
  return client
}

const jwt = async (): Promise<AxiosInstance> => {
  const client = create()
  const stored = new Map<string, string>()
  applyAuthTokenInterceptor(client, {
    requestRefresh: async () => '',
    getStorage: () => ({
      set: async (key: string, value: string) => void stored.set(key, value),
      get: async (key: string) => stored.get(key) ?? null,
      remove: async (key: string) => void stored.delete(key),
    }),
  })
  const { accessToken, refreshToken } = world.tokens
  await setAuthTokens({ accessToken, refreshToken })
  return client
}

export const row: Row = async (bench) => {
  const clients: readonly (Omit<Candidate, 'run'> & { readonly client: AxiosInstance })[] = [
    { name: 'axios, bare', role: 'limit', client: create() },
    { name: 'axios with a trivial async hook', role: 'limit', isHook: true, client: hooked() },
    { name: 'unexpired + axios', role: 'ours', client: withAuth(create(), policyOf(world)) },
    { name: 'widespread pattern', role: 'peer', client: widespread() },
    { name: 'axios-auth-refresh', role: 'peer', client: authRefresh() },
    { name: 'axios-jwt', role: 'peer', client: await jwt() },
  ]
  return [
    ...(await compare(
      bench,
      'axios GET',
      clients.map(({ client, ...rest }) => ({ ...rest, run: () => client.get('/things/1') })),
    )),
    ...(await compare(
      bench,
      'axios JSON POST',
      clients.map(({ client, ...rest }) => ({ ...rest, run: () => client.post('/things', thing) })),
    )),
  ]
}
