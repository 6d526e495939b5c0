import { createPolicy, findTokenError } from '@unexpired/core'
import axios, { AxiosError } from 'axios'
import { lookup } from 'node:dns'
import { describe, expect, test } from 'vitest'

import { adapters, minor } from '../test/version.ts'
import { createWorld, type World } from '@unexpired/adapter-tests/world'
import { withAuth } from './index.ts'

const to = (url: string): string => `/redirect?to=${encodeURIComponent(url)}`
const tokensSeen = ({ elsewhere, idp }: World): string[] => {
  const seen = JSON.stringify(elsewhere.requests)
  return [...idp.secrets].filter((secret) => seen.includes(secret))
}

describe.each(adapters)('redirects with the %s adapter', (adapter) => {
  test('the token in authorization does not go along to another origin', async () => {
    const world = await createWorld()
    const { api, elsewhere, policy } = world
    const instance = withAuth(axios.create({ baseURL: api.origin, adapter }), policy)
    await instance.get(to(`${elsewhere.origin}/echo?public`))
    await instance.post(to(`${elsewhere.origin}/echo?public`), { a: 1 })
    expect(elsewhere.requests).toHaveLength(2)
    expect(tokensSeen(world)).toEqual([])
  })

  test('neither does a token in a header of another name', async () => {
    const world = await createWorld({ headerName: 'X-Token', scheme: '' })
    const { api, elsewhere, policy } = world
    const instance = withAuth(axios.create({ baseURL: api.origin, adapter }), policy)
    const headers = { 'x-TOKEN': undefined } as object
    await instance.get(to(`${elsewhere.origin}/echo?public`), { headers }).catch(() => undefined)
    await instance.get(to(`${elsewhere.origin}/echo?public`)).catch(() => undefined)
    expect(api.requests.map(({ user }) => user)).toEqual(['alice', 'alice'])
    expect(tokensSeen(world)).toEqual([])
  })

  test('a redirect within the origin keeps the token', async () => {
    const { api, policy } = await createWorld()
    const instance = withAuth(axios.create({ baseURL: api.origin, adapter }), policy)
    expect((await instance.get(to('/echo'))).data).toMatchObject({ user: 'alice' })
  })
})

// The fetch adapter has heeded it since 1.20.
test.each(minor < 20 ? (['http'] as const) : adapters)(
  'maxRedirects: 0 shows the redirect itself with the %s adapter',
  async (adapter) => {
    for (const headerName of ['authorization', 'x-token']) {
      const { api, policy } = await createWorld({ headerName })
      const config = { baseURL: api.origin, adapter, maxRedirects: 0 }
      const error = await withAuth(axios.create(config), policy)
        .get(to('/echo'))
        .catch((caught: unknown) => caught)
      expect(error).toMatchObject({ response: { status: 302 } })
      expect(findTokenError(error)).toBeUndefined()
    }
  },
)

test('with the http adapter, a redirect within the origin keeps a header of another name', async () => {
  const { api, policy } = await createWorld({ headerName: 'x-token', scheme: '' })
  const instance = withAuth(axios.create({ baseURL: api.origin, adapter: 'http' }), policy)
  expect((await instance.get(to('/echo'))).data).toMatchObject({ user: 'alice' })
})

test('a sub-domain is another origin', async () => {
  const world = await createWorld()
  const { clock, idp, api, elsewhere } = world
  const home = api.origin.replace('127.0.0.1', 'localhost')
  const subdomain = elsewhere.origin.replace('127.0.0.1', 'sub.localhost')
  const policy = createPolicy({ source: idp.source(), runtime: clock, origins: [home] })
  const instance = withAuth(
    axios.create({
      baseURL: home,
      adapter: 'http',
      lookup: (_: string, options: object, done: never) => lookup('127.0.0.1', options, done),
    } as object),
    policy,
  )
  await instance.get(to(`${subdomain}/echo?public`))
  expect(api.requests.map(({ user }) => user)).toEqual(['alice'])
  expect(elsewhere.requests).toHaveLength(1)
  expect(tokensSeen(world)).toEqual([])
  policy.dispose()
})

test('the caller’s own beforeRedirect is asked, after the token is off', async () => {
  const { api, elsewhere, policy } = await createWorld({ headerName: 'x-token', scheme: '' })
  const seen: unknown[] = []
  const instance = withAuth(
    axios.create({
      baseURL: api.origin,
      adapter: 'http',
      beforeRedirect: ({ href, headers }, ...details) => {
        seen.push([href, 'x-token' in headers, details.length > 0])
      },
    }),
    policy,
  )
  await instance.get(to('/echo'))
  await instance.get(to(`${elsewhere.origin}/echo?public`))
  const tells = minor >= 7
  expect(seen).toEqual([
    [`${api.origin}/echo`, true, tells],
    [`${elsewhere.origin}/echo?public`, false, tells],
  ])
})

test('a refusal from where a redirect led is not ours: no refresh, no replay', async () => {
  const { api, elsewhere, idp, policy } = await createWorld()
  const instance = withAuth(axios.create({ baseURL: api.origin, adapter: 'http' }), policy)
  await expect(instance.get(to(`${elsewhere.origin}/echo`))).rejects.toBeInstanceOf(AxiosError)
  expect(elsewhere.requests).toHaveLength(1)
  expect(idp.refreshes).toHaveLength(0)
})

describe.each(adapters.filter((adapter) => adapter === 'fetch'))('the %s adapter', (adapter) => {
  test('the fetch adapter hides where a refusal came from: that costs one refresh, and leaks nothing', async () => {
    const world = await createWorld()
    const { api, elsewhere, idp, policy } = world
    const instance = withAuth(axios.create({ baseURL: api.origin, adapter }), policy)
    const error = await instance
      .get(to(`${elsewhere.origin}/echo`))
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({ response: { status: 401 } })
    expect(findTokenError(error)).toBeUndefined()
    expect(idp.refreshes).toHaveLength(1)
    expect(tokensSeen(world)).toEqual([])
  })

  test('with a header of another name, fetch follows no redirect: the caller sees it', async () => {
    const { api, policy } = await createWorld({ headerName: 'x-token', scheme: '' })
    const instance = withAuth(axios.create({ baseURL: api.origin, adapter }), policy)
    await expect(instance.get(to('/echo'))).rejects.toMatchObject({ response: { status: 302 } })
    expect(api.requests).toHaveLength(1)
  })

  test('the options that the caller has for fetch are kept', async () => {
    const { api, policy } = await createWorld({ headerName: 'x-token', scheme: '' })
    const instance = withAuth(axios.create({ baseURL: api.origin, adapter }), policy)
    const { request } = await instance.get('/echo', {
      fetchOptions: { cache: 'no-store' },
    } as object)
    expect([request.cache, request.redirect]).toEqual(['no-store', 'manual'])
  })

  test('a header of another name goes by fetch where xhr was chosen', async () => {
    const xhr = Object.assign(() => Promise.reject(new Error('follows redirects')), {
      adapterName: 'xhr',
    })
    const { api, policy } = await createWorld({ headerName: 'x-token', scheme: '' })
    const instance = withAuth(axios.create({ baseURL: api.origin, adapter: xhr }), policy)
    expect((await instance.get('/echo')).data).toMatchObject({ user: 'alice' })
    await expect(instance.get('/echo', { tokenAuth: false })).rejects.toThrow('follows redirects')
  })
})

test('a redirect that a browser hides behind status 0 is no success with a header of another name', async () => {
  const { api, policy } = await createWorld({ headerName: 'x-token', scheme: '' })
  const instance = withAuth(
    axios.create({
      baseURL: api.origin,
      adapter: async (config) => ({ config, data: '', status: 0, statusText: '', headers: {} }),
    }),
    policy,
  )
  const error = await instance.get('/').catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'ERR_TOKEN', config: { baseURL: api.origin } })
  expect(findTokenError(error)).toMatchObject({ code: 'redirected', kind: 'misconfigured' })
  expect((await instance.get('/', { tokenAuth: false })).status).toBe(0)
})
