import axios, { AxiosError, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios'
import NpmFormData from 'form-data'
import { createReadStream } from 'node:fs'
import { Agent } from 'node:http'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

import { adapters } from '../test/version.ts'
import { createWorld } from '@unexpired/adapter-tests/world'
import { withAuth } from './index.ts'

test('interceptors and transforms run once for a request that is replayed', async () => {
  const { api, policy, refuse } = await createWorld()
  const log: string[] = []
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  instance.interceptors.request.use((config) => (log.push('request'), config))
  instance.interceptors.response.use((answer) => (log.push('response'), answer.data))
  refuse()
  const body = await instance.post(
    '/echo',
    { a: 1 },
    {
      transformRequest: [(data) => (log.push('transformRequest'), JSON.stringify(data))],
      transformResponse: [(data) => (log.push('transformResponse'), JSON.parse(data))],
    },
  )
  expect(log).toEqual(['request', 'transformRequest', 'transformResponse', 'response'])
  expect(body).toMatchObject({ bodyText: '{"a":1}', user: 'alice' })
})

test('a refusal that validateStatus lets pass is recovered as well', async () => {
  const { api, policy, refuse } = await createWorld()
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  refuse()
  expect((await instance.get('/echo', { validateStatus: () => true })).status).toBe(200)
  refuse()
  expect((await instance.get('/echo', { validateStatus: null })).status).toBe(200)
  expect((await instance.get('/refuse', { validateStatus: () => true })).status).toBe(401)
})

test('the caller finds the config of the request in the answer and in errors, without the token', async () => {
  const { api, idp, policy } = await createWorld()
  const mine = { baseURL: api.origin, beforeRedirect: () => undefined, timeout: 5_000 }
  const seen = async (instance: typeof axios, path: string): Promise<InternalAxiosRequestConfig> =>
    instance.get(path).then(
      ({ config }) => config,
      (error: unknown) => (error as { config: InternalAxiosRequestConfig }).config,
    )
  for (const path of ['/echo?public', '/refuse', '/drop', '/redirect?to=/echo?public']) {
    const bare = await seen(axios.create(mine) as typeof axios, path)
    const config = await seen(withAuth(axios.create(mine), policy) as typeof axios, path)
    expect(Object.keys(config)).toEqual(Object.keys(bare))
    expect({ ...config }).toEqual({ ...bare })
    for (const secret of idp.secrets) expect(JSON.stringify(config)).not.toContain(secret)
  }
})

test('a config without the options that we use in between comes back without them', async () => {
  const { api, policy } = await createWorld({ headerName: 'x-token', scheme: '' })
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  const { config } = await instance.get('/echo')
  expect(config).not.toHaveProperty('beforeRedirect')
  expect(config).not.toHaveProperty('fetchOptions')
  const fetchOptions = { priority: 'low' }
  const answer = await instance.get('/echo', { fetchOptions } as object)
  expect(answer.config).toMatchObject({ fetchOptions })
})

test('the config of an answer or an error can be sent again, and has the token of its own moment', async () => {
  const { api, idp, policy, refuse } = await createWorld()
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  const { config } = await instance.get('/echo')
  refuse()
  await instance.request(config)
  const error = await instance.get('/status/404').catch((caught: unknown) => caught)
  await instance.request({ ...(error as AxiosError).config, url: '/echo' })
  expect(api.requests.map(({ url }) => url)).toEqual([
    '/echo',
    '/echo',
    '/echo',
    '/status/404',
    '/echo',
  ])
  expect(api.requests.at(-1)?.token).toBe(idp.stored?.value)
})

test('headers that many requests share stay free of the token', async () => {
  const { api, elsewhere, idp, policy } = await createWorld({ latencyMs: 1_000 })
  const shared = new AxiosHeaders({ 'x-app': 'mine' })
  const instance = withAuth(axios.create(), policy)
  instance.interceptors.request.use((config) => Object.assign(config, { headers: shared }))
  const held = api.hold('/echo')
  const first = instance.get(`${api.origin}/echo`)
  await held.arrived
  await instance.get(`${elsewhere.origin}/echo?public`)
  held.release()
  await first
  expect(elsewhere.requests[0]).toMatchObject({ token: undefined, headers: { 'x-app': 'mine' } })
  expect(api.requests[0]?.token).toBe(idp.stored?.value)
})

test('headers that a caller has taken off stay off', async () => {
  const { api, policy } = await createWorld()
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  await instance.get('/echo', { headers: { 'User-Agent': false } })
  expect(api.requests[0]?.headers).not.toHaveProperty('user-agent')
})

test('a header that is set to false or null means no token; one that is undefined means nothing', async () => {
  const { api, policy } = await createWorld()
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  await instance.get('/echo?public', { headers: { Authorization: false } })
  await instance.get('/echo?public', { headers: { Authorization: null } })
  await instance.get('/echo', { headers: { Authorization: undefined } as object })
  expect(api.requests.map(({ user }) => user)).toEqual([undefined, undefined, 'alice'])
})

test('basic authentication of the caller wins', async () => {
  const { api, idp, policy } = await createWorld()
  const auth = { username: 'own', password: 'own' }
  const instance = withAuth(axios.create({ baseURL: api.origin, auth }), policy)
  await expect(instance.get('/echo')).rejects.toMatchObject({ response: { status: 401 } })
  expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(['Basic b3duOm93bg=='])
  expect(idp.refreshes).toHaveLength(0)
})

test('basic authentication goes beside a token in a header of another name', async () => {
  const { api, idp, policy } = await createWorld({ headerName: 'x-token', scheme: '' })
  const auth = { username: 'own', password: 'own' }
  await withAuth(axios.create({ baseURL: api.origin, auth }), policy).get('/echo')
  expect(api.requests[0]?.headers).toMatchObject({
    authorization: 'Basic b3duOm93bg==',
    'x-token': idp.stored?.value,
  })
})

test.each([
  ['a Node stream', () => Readable.from(['words '.repeat(1_000)])],
  [
    'an npm form-data',
    () => {
      const form = new NpmFormData()
      form.append('field', 'words')
      return form
    },
  ],
])('%s arrives whole, is not replayed, and the next request has a new token', async (_, body) => {
  const { api, clock, policy, refuse } = await createWorld()
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  refuse()
  const error = await instance.post('/echo', body()).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(AxiosError)
  expect(error).toMatchObject({ code: 'ERR_BAD_REQUEST', response: { status: 401 } })
  expect(api.requests.map(({ bodyText }) => bodyText)).toEqual([expect.stringContaining('words')])
  await clock.advance(0)
  await instance.get('/echo')
  expect(api.requests.map(({ url }) => url)).toEqual(['/echo', '/echo'])
})

test('an npm form-data waits for a refresh and arrives whole', async () => {
  const { api, expire, policy } = await createWorld()
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  const form = new NpmFormData()
  form.append('field', 'words')
  await expire()
  await instance.post('/echo', form)
  expect(api.requests[0]?.bodyText).toContain('words')
})

test('the stream of a missing file rejects the request while it waits, and does not end the process', async () => {
  const { clock, expire, policy, refreshing, api } = await createWorld({ latencyMs: 1_000 })
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  const bare = await axios
    .post(`${api.origin}/echo`, createReadStream('/no/such/file'))
    .catch((caught: unknown) => caught)
  await expire()
  const sent = instance.post('/echo', createReadStream('/no/such/file'))
  const error = await sent.catch((caught: unknown) => caught)
  await refreshing()
  expect(error).toBeInstanceOf(AxiosError)
  expect(error).toMatchObject({ code: (bare as AxiosError).code, config: { method: 'post' } })
  await clock.advance(1_000)
  expect(api.requests).toHaveLength(0)
})

test('an unread refusal holds no socket: an agent with one socket is enough', async () => {
  const { api, policy, refuse } = await createWorld()
  const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 })
  const instance = withAuth(axios.create({ baseURL: api.origin, httpAgent }), policy)
  api.refusalBytes = 1_000_000
  refuse()
  const { data } = await instance.get('/echo', { responseType: 'stream' })
  expect(JSON.parse(await text(data))).toMatchObject({ user: 'alice' })
  httpAgent.destroy()
})

test.each(adapters.filter((adapter) => adapter === 'fetch'))(
  'an unread refusal in a web stream is let go',
  async (adapter) => {
    const { api, clock, policy, refuse } = await createWorld()
    const instance = withAuth(axios.create({ baseURL: api.origin, adapter }), policy)
    api.refusalBytes = 1_000_000
    for (let round = 0; round < 10; round++) {
      await clock.advance(120_000)
      refuse()
      const { data } = await instance.get('/echo', { responseType: 'stream' })
      expect(await new Response(data).json()).toMatchObject({ user: 'alice' })
    }
    await expect.poll(() => api.openSockets).toBeLessThan(4)
  },
)

test('a refusal from an adapter of the caller with plain headers is understood', async () => {
  const { policy, api } = await createWorld()
  let count = 0
  const instance = withAuth(
    axios.create({
      baseURL: api.origin,
      adapter: async (config) => ({
        config,
        data: '',
        status: count++ ? 200 : 401,
        statusText: '',
        headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' },
      }),
    }),
    policy,
  )
  expect((await instance.get('/')).status).toBe(401)
  expect((await instance.get('/')).status).toBe(200)
})

test('an answer of an adapter of the caller is data, whatever its fields are called', async () => {
  const { policy, api } = await createWorld()
  let count = 0
  const instance = withAuth(
    axios.create({
      baseURL: api.origin,
      adapter: async (config) => ({
        config,
        data: { destroy: true, cancel: true },
        status: count++ ? 200 : 401,
        statusText: '',
        headers: {},
      }),
    }),
    policy,
  )
  expect((await instance.get('/')).status).toBe(200)
  expect(count).toBe(2)
})

test.each([undefined, null, 'words'])(
  'an adapter that rejects with %s is left as it is',
  async (reason) => {
    const { policy, api } = await createWorld()
    const adapter = () => Promise.reject(reason)
    const instance = withAuth(axios.create({ baseURL: api.origin, adapter }), policy)
    await expect(instance.get('/')).rejects.toBe(reason)
  },
)

test('an adapter that throws at once leaves the config as it was', async () => {
  const { policy, api } = await createWorld()
  let seen: InternalAxiosRequestConfig | undefined
  const adapter = (config: InternalAxiosRequestConfig): never => {
    seen = config
    throw new TypeError('at once')
  }
  const instance = withAuth(axios.create({ baseURL: api.origin, adapter }), policy)
  await expect(instance.get('/')).rejects.toThrow('at once')
  expect(seen?.headers.has('authorization')).toBe(false)
})

test('a timeout is the client’s own, and counts from when the request is sent', async () => {
  const { api, clock, expire, policy, refreshing } = await createWorld({ latencyMs: 1_000 })
  const instance = withAuth(axios.create({ baseURL: api.origin, timeout: 60 }), policy)
  await expire()
  const waits = instance.get('/echo')
  await refreshing()
  await new Promise((resolve) => setTimeout(resolve, 90))
  await clock.advance(1_000)
  expect((await waits).status).toBe(200)
  await expect(instance.get('/hang')).rejects.toMatchObject({ code: 'ECONNABORTED' })
})
