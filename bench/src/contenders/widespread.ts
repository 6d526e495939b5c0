import axios, { type AxiosError, type InternalAxiosRequestConfig } from 'axios'
import { spend } from '../world/world.ts'
import type { Contender } from './contender.ts'

/**
 * What most apps with Cognito have: a request interceptor that looks at `exp` and refreshes within five
 * minutes of it. No library; the form is the one that questions and answers about it show.
 */
export const widespreadPattern: Contender = {
  name: 'widespread pattern (interceptor, 5 min buffer)',
  role: 'peer',
  begin(world) {
    let { tokens } = world
    const client = axios.create({
      baseURL: world.origin,
      ...(world.adapter && { adapter: world.adapter }),
    })
    client.interceptors.request.use(async (config) => {
      const { exp } = JSON.parse(atob(tokens.accessToken.split('.')[1] ?? '')) as { exp: number }
      if (exp * 1000 - Date.now() < 300_000) tokens = await spend(world, tokens.refreshToken)
      config.headers.Authorization = `Bearer ${tokens.accessToken}`
      return config
    })
    return { send: async (path) => (await client.get(path)).status }
  },
}

type Retried = InternalAxiosRequestConfig & { _retry?: boolean }

/**
 * The other one that is everywhere: refresh on a 401, a flag and a queue of those that failed meanwhile.
 * In its best form: the queue is emptied on failure, too, and a request is repeated once.
 */
export const queuePattern: Contender = {
  name: 'widespread pattern (401, flag and queue)',
  role: 'peer',
  begin(world) {
    let { tokens } = world
    let isRefreshing = false
    let queue: { resolve(): void; reject(error: unknown): void }[] = []
    const client = axios.create({
      baseURL: world.origin,
      ...(world.adapter && { adapter: world.adapter }),
    })
    client.interceptors.request.use((config) => {
      config.headers.Authorization = `Bearer ${tokens.accessToken}`
      return config
    })
    client.interceptors.response.use(undefined, async (error: AxiosError) => {
      const config = error.config as Retried
      if (error.response?.status !== 401 || config._retry) throw error
      config._retry = true
      if (isRefreshing) {
        await new Promise<void>((resolve, reject) => queue.push({ resolve, reject }))
        return client(config)
      }
      isRefreshing = true
      try {
        tokens = await spend(world, tokens.refreshToken)
        for (const { resolve } of queue) resolve()
      } catch (failure) {
        for (const { reject } of queue) reject(failure)
        throw failure
      } finally {
        queue = []
        isRefreshing = false
      }
      return client(config)
    })
    return { send: async (path) => (await client.get(path)).status }
  },
}
