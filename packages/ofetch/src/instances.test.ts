import { createFetch, ofetch, type $Fetch, type FetchOptions } from 'ofetch'
import { expect, expectTypeOf, test, vi } from 'vitest'

import { createWorld } from '@unexpired/adapter-tests/world'
import { withAuth } from './with-auth.ts'

test('what comes out is typed as what went in, with one more option', () => {
  expectTypeOf(withAuth<$Fetch>).returns.toEqualTypeOf<$Fetch>()
  // As Nitro types its own, which does not show `native`.
  interface Nitro {
    (url: string): Promise<unknown>
    readonly raw: (url: string) => Promise<Response>
  }
  expectTypeOf(withAuth<Nitro>).returns.toEqualTypeOf<Nitro>()
  expectTypeOf<FetchOptions>().toHaveProperty('tokenAuth').toEqualTypeOf<boolean | undefined>()
  expectTypeOf<$Fetch>().toBeCallableWith('/me', { tokenAuth: false, query: { a: 1 } })
  // @ts-expect-error the option takes a boolean
  expectTypeOf<$Fetch>().toBeCallableWith('/me', { tokenAuth: 'no' })
  const answer = (api: $Fetch): Promise<{ id: number }> => api<{ id: number }>('/me')
  expectTypeOf(answer).returns.resolves.toEqualTypeOf<{ id: number }>()
})

test('ofetch itself and what it creates can be given a policy', async () => {
  const { api, policy } = await createWorld()
  const headers = { 'x-own': '1' }
  for (const client of [ofetch, ofetch.create({ headers }), createFetch({ defaults: { headers } })])
    await withAuth(client, policy)(`${api.origin}/echo`)
  const seen = api.requests.map(({ user, headers: sent }) => [user, sent['x-own']])
  expect(seen).toEqual([
    ['alice', undefined],
    ['alice', '1'],
    ['alice', '1'],
  ])
})

test('what is created later has the token as well, and one request has it once', async () => {
  const { api, policy } = await createWorld()
  const child = withAuth(ofetch, policy).create({ baseURL: api.origin })
  await withAuth(child, policy)('/echo')
  await child.raw('/echo')
  await child.native(`${api.origin}/echo`)
  expect(api.requests.map(({ user }) => user)).toEqual(['alice', 'alice', 'alice'])
})

test('the fetch that an instance has already is the one that sends, as the local one of Nitro', async () => {
  const { api, policy } = await createWorld({ origins: ['http://localhost'] })
  const local = createFetch({
    fetch: async (input, init) => {
      const authorization = new Headers(init?.headers).get('authorization')
      return Response.json({ input, isSignedIn: authorization !== null })
    },
  })
  const url = 'http://localhost/api/me'
  expect(await withAuth(local, policy)(url)).toEqual({ input: url, isSignedIn: true })
  expect(api.requests).toEqual([])
})

test('a global fetch that is replaced later is used', async () => {
  const { api, policy } = await createWorld()
  const client = withAuth(ofetch, policy)
  vi.stubGlobal('fetch', async () => Response.json('replaced'))
  expect(await client(`${api.origin}/echo`)).toBe('replaced')
  vi.unstubAllGlobals()
})

test('tokenAuth may be the default of an instance', async () => {
  const { api, policy } = await createWorld()
  const client = withAuth(ofetch.create({ baseURL: api.origin, tokenAuth: false }), policy)
  await client('/echo?public')
  await client('/echo?public', { tokenAuth: true })
  expect(api.requests.map(({ user }) => user)).toEqual([undefined, 'alice'])
})

test('where a base URL is cheated, the final address decides', async () => {
  const { api, elsewhere, idp, policy } = await createWorld()
  const client = withAuth(ofetch.create({ baseURL: api.origin }), policy)
  // A base URL that is a prefix of the address is not put before it.
  const { port } = new URL(api.origin)
  const evil = `${api.origin}@${new URL(elsewhere.origin).host}/echo`
  await client(evil).catch(() => {})
  await client('/echo', { baseURL: elsewhere.origin }).catch(() => {})
  expect(port).not.toBe(new URL(elsewhere.origin).port)
  expect(elsewhere.requests.length).toBeGreaterThan(0)
  for (const secret of idp.secrets) expect(JSON.stringify(elsewhere.requests)).not.toContain(secret)
})

test('what counts as a refusal can be said as for fetch', async () => {
  const { api, policy } = await createWorld()
  const isRefused = (): boolean => api.requests.length === 1
  await withAuth(ofetch, policy, { isRefused })(`${api.origin}/echo`)
  expect(api.requests.length).toBe(2)
})
