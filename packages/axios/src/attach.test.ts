import { createPolicy } from '@unexpired/core'
import axios, { AxiosError, type AxiosAdapter, type InternalAxiosRequestConfig } from 'axios'
import { expect, test, vi } from 'vitest'

import { createWorld } from '@unexpired/adapter-tests/world'
import { withAuth, withoutAuth } from './index.ts'

test('the same instance comes back', async () => {
  const { policy } = await createWorld()
  const instance = axios.create()
  expect(withAuth(instance, policy)).toBe(instance)
  expect(withoutAuth(instance, policy)).toBe(instance)
})

test('a policy that is attached twice asks and replays once', async () => {
  const { api, idp, policy, refuse } = await createWorld()
  const instance = axios.create({ baseURL: api.origin })
  withAuth(withAuth(instance, policy), policy)
  refuse()
  await instance.get('/echo')
  expect(api.requests).toHaveLength(2)
  expect(idp.refreshes).toHaveLength(1)
  expect(instance.interceptors.request).toHaveProperty('handlers.length', 1)
})

test('after taking the policy off, requests leave as without it', async () => {
  const { api, policy } = await createWorld()
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  await instance.get('/echo')
  withoutAuth(instance, policy)
  await expect(instance.get('/echo')).rejects.toMatchObject({ response: { status: 401 } })
  expect(api.requests.map(({ token }) => token)).toEqual([expect.any(String), undefined])
})

test('taking a policy off leaves the interceptors of others, whatever was cleared before', async () => {
  const { policy } = await createWorld()
  const instance = axios.create()
  withAuth(instance, policy)
  instance.interceptors.request.clear()
  const others = vi.fn<(config: InternalAxiosRequestConfig) => InternalAxiosRequestConfig>(
    (config) => config,
  )
  instance.interceptors.request.use(others)
  withoutAuth(instance, policy)
  await instance.get('/', { adapter: async (config) => ({ config }) as never })
  expect(others).toHaveBeenCalledOnce()
})

test('a policy can be attached again after it was taken off or cleared away', async () => {
  const { api, policy } = await createWorld()
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  withAuth(withoutAuth(instance, policy), policy)
  expect((await instance.get('/echo')).status).toBe(200)
  instance.interceptors.request.clear()
  withAuth(instance, policy)
  expect((await instance.get('/echo')).status).toBe(200)
})

test('an instance made from the defaults of ours has no token: policies are not inherited', async () => {
  const { api, policy } = await createWorld()
  const parent = withAuth(axios.create({ baseURL: api.origin }), policy)
  await parent.get('/echo')
  const child = axios.create(parent.defaults as never)
  await expect(child.get('/echo')).rejects.toMatchObject({ response: { status: 401 } })
})

test('several policies serve one instance, each its own origins', async () => {
  const { api, elsewhere, clock, idp, policy } = await createWorld()
  const device = idp.device()
  device.signIn('bob')
  const other = createPolicy({
    source: device.source(),
    runtime: clock,
    origins: [elsewhere.origin],
  })
  const instance = withAuth(withAuth(axios.create(), policy), other)
  await Promise.all([instance.get(`${api.origin}/echo`), instance.get(`${elsewhere.origin}/echo`)])
  expect(api.requests.map(({ user }) => user)).toEqual(['alice'])
  expect(elsewhere.requests.map(({ user }) => user)).toEqual(['bob'])
  withoutAuth(instance, other)
  await instance.get(`${api.origin}/echo`)
  await expect(instance.get(`${elsewhere.origin}/echo`)).rejects.toBeInstanceOf(AxiosError)
  other.dispose()
})

test('of two policies for one origin, the one that was attached first wins', async () => {
  const { api, clock, idp, policy, refuse } = await createWorld()
  const device = idp.device()
  device.signIn('bob')
  const other = createPolicy({ source: device.source(), runtime: clock, origins: [api.origin] })
  const instance = withAuth(withAuth(axios.create({ baseURL: api.origin }), policy), other)
  refuse()
  await instance.get('/echo')
  expect(api.requests.map(({ user }) => user)).toEqual(['alice', 'alice'])
  other.dispose()
})

test('axios itself, and an Axios without defaults, can be given a policy', async () => {
  const { api, policy } = await createWorld()
  const bare = withAuth(new axios.Axios({ headers: {} as never }), policy)
  expect((await bare.request({ url: `${api.origin}/echo`, method: 'get' })).status).toBe(200)
  withAuth(axios, policy)
  expect((await axios.get(`${api.origin}/echo`)).status).toBe(200)
  withoutAuth(axios, policy)
})

test('an adapter that is set later is used: by the defaults, by a request, by an interceptor', async () => {
  const { api, policy } = await createWorld()
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  const seen: unknown[] = []
  const mine =
    (name: string): AxiosAdapter =>
    async (config) => {
      seen.push([name, !!config.headers.get('authorization')])
      return { config, data: name, status: 200, statusText: 'OK', headers: {} }
    }
  instance.defaults.adapter = mine('defaults')
  await instance.get('/')
  await instance.get('/', { adapter: mine('request') })
  await instance.get('/', { adapter: ['none', mine('list')].slice(1) as AxiosAdapter[] })
  instance.interceptors.request.use((config) => ({ ...config, adapter: mine('interceptor') }))
  await instance.get('/')
  expect(seen).toEqual([
    ['defaults', true],
    ['request', true],
    ['list', true],
    ['interceptor', true],
  ])
})

test('an adapter that axios does not know fails as without us', async () => {
  const { policy } = await createWorld()
  const bare = await axios.get('http://127.0.0.1/', { adapter: 'carrier-pigeon' }).catch(String)
  const instance = withAuth(axios.create({ adapter: 'carrier-pigeon' }), policy)
  expect(await instance.get('http://127.0.0.1/').catch(String)).toBe(bare)
})

test('a request can opt out, or all of them, and one in again', async () => {
  const { api, policy } = await createWorld()
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  await instance.get('/echo?public', { tokenAuth: false })
  instance.defaults.tokenAuth = false
  await instance.get('/echo?public')
  await instance.get('/echo', { tokenAuth: true })
  expect(api.requests.map(({ user }) => user)).toEqual([undefined, undefined, 'alice'])
})

test('the interceptors of others run in the same turn as without us', async () => {
  const { policy } = await createWorld()
  const order = async (instance: typeof axios): Promise<string[]> => {
    const log: string[] = []
    instance.interceptors.request.use((config) => (log.push('interceptor'), config), null, {
      synchronous: true,
    })
    const sent = instance.get('/', {
      adapter: async (config) => (log.push('adapter'), { config } as never),
    })
    log.push('after the call')
    await sent
    return log
  }
  const bare = await order(axios.create() as typeof axios)
  expect(await order(withAuth(axios.create(), policy) as typeof axios)).toEqual(bare)
})
