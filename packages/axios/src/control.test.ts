import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'

import { createWorld, type World } from '@unexpired/adapter-tests/world'
import { withAuth } from './index.ts'

/** The pattern that most tutorials show: a token in a request interceptor, a retry in a response interceptor. */
const byInterceptors = (instance: AxiosInstance, { idp, clock }: World): AxiosInstance => {
  const source = idp.source()
  const refresh = async (): Promise<void> => {
    const { signal } = new AbortController()
    const token = await source.refresh({ reason: 'manual', previous: await source.read(), signal })
    await source.store?.(token, { signal })
  }
  instance.interceptors.request.use(async (config) => {
    if (((await source.read())?.expiresAt ?? 0) - clock.now() < 300_000) await refresh()
    config.headers.Authorization = `Bearer ${(await source.read())?.value}`
    return config
  })
  const tried = new WeakSet()
  instance.interceptors.response.use(undefined, async (error: unknown) => {
    const { config, response } = error as { config: AxiosRequestConfig; response?: object }
    if (!response || tried.has(config.headers ?? {})) throw error
    await refresh()
    tried.add(config.headers ?? {})
    return instance(config)
  })
  return instance
}

describe.each([
  ['ours', (instance: AxiosInstance, { policy }: World) => withAuth(instance, policy)],
  ['the widespread pattern', byInterceptors],
] as const)('%s', (name, attach) => {
  const isOurs = name === 'ours'

  test('twenty requests with an expired token, strict rotation', async () => {
    const world = await createWorld()
    const instance = attach(axios.create({ baseURL: world.api.origin }), world)
    await world.expire()
    const sent = Array.from({ length: 20 }, () => instance.get('/echo'))
    const outcomes = await Promise.allSettled(sent)
    const failed = outcomes.filter(({ status }) => status === 'rejected').length
    expect([failed, world.idp.refreshes.length]).toEqual(isOurs ? [0, 1] : [19, 20])
  })

  test('a refused upload of a stream is a failure, and no success of nothing', async () => {
    const world = await createWorld()
    const instance = attach(axios.create({ baseURL: world.api.origin }), world)
    world.refuse()
    const outcome = await instance.post('/echo', Readable.from(['words'])).then(
      ({ status, data }) => [status, data.bodyText],
      (error: unknown) => (error as { response: { status: number } }).response.status,
    )
    expect(outcome).toEqual(isOurs ? 401 : [200, ''])
  })

  test('an interceptor that unwraps the answer runs once', async () => {
    const world = await createWorld()
    const instance = attach(axios.create({ baseURL: world.api.origin }), world)
    instance.interceptors.response.use(({ data }) => data)
    world.refuse()
    const user = await instance.get<never, { user?: string } | undefined>('/echo')
    expect(user?.user).toBe(isOurs ? 'alice' : undefined)
  })

  test('the token stays at the origin that it is for', async () => {
    const world = await createWorld()
    const { elsewhere } = world
    const instance = attach(axios.create({ baseURL: world.api.origin }), world)
    await instance.get(`${elsewhere.origin}/echo?public`)
    expect(elsewhere.requests[0]?.user).toBe(isOurs ? undefined : 'alice')
  })
})
