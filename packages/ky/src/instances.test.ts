import ky, { type KyInstance, type Options } from 'ky'
import { expect, expectTypeOf, test, vi } from 'vitest'

import { createWorld } from '@unexpired/adapter-tests/world'
import { withAuth } from './with-auth.ts'

type Fetch = NonNullable<Options['fetch']>

/** A transport that remembers what it was given. */
const recorded = (): Fetch & { readonly calls: Parameters<Fetch>[] } => {
  const calls: Parameters<Fetch>[] = []
  return Object.assign((...call: Parameters<Fetch>) => (calls.push(call), fetch(...call)), {
    calls,
  })
}

test('is typed as ky is, with one more option', () => {
  expectTypeOf(withAuth).returns.toEqualTypeOf<KyInstance>()
  expectTypeOf<KyInstance['get']>().toBeCallableWith('me', { tokenAuth: false, retry: 1 })
  expectTypeOf<Options>().toHaveProperty('tokenAuth').toEqualTypeOf<boolean | undefined>()
  // @ts-expect-error the option takes a boolean
  expectTypeOf<KyInstance['get']>().toBeCallableWith('me', { tokenAuth: 'no' })
  const answer = (api: KyInstance): Promise<{ id: number }> => api('me').json<{ id: number }>()
  expectTypeOf(answer).returns.resolves.toEqualTypeOf<{ id: number }>()
})

test('ky itself, what it creates and what it extends can be given a policy', async () => {
  const { api, policy } = await createWorld()
  const clients = [
    ky,
    ky.create({ headers: { 'x-own': '1' } }),
    ky.extend({ headers: { 'x-own': '2' } }),
  ]
  for (const client of clients) await withAuth(client, policy).get(`${api.origin}/echo`)
  const seen = api.requests.map(({ user, headers }) => [user, headers['x-own']])
  expect(seen).toEqual([
    ['alice', undefined],
    ['alice', '1'],
    ['alice', '2'],
  ])
})

test('what is extended later has the token as well, and one request has it once', async () => {
  const { api, policy } = await createWorld()
  const child = withAuth(ky, policy).extend({ headers: { 'x-own': '1' } })
  await withAuth(child, policy).get(`${api.origin}/echo`)
  expect(api.requests.map(({ user, headers }) => [user, headers['x-own']])).toEqual([
    ['alice', '1'],
  ])
})

test('a fetch that the instance has already is the one that sends', async () => {
  const { api, policy } = await createWorld()
  const transport = recorded()
  await withAuth(ky.create({ fetch: transport }), policy).get(`${api.origin}/echo`)
  expect(transport.calls.length).toBe(1)
  expect(api.requests[0]?.user).toBe('alice')
})

test('a global fetch that is replaced later is used', async () => {
  const { api, policy } = await createWorld()
  const client = withAuth(ky.create(), policy)
  vi.stubGlobal('fetch', async () => Response.json('replaced'))
  expect(await client.get(`${api.origin}/echo`).json()).toBe('replaced')
  vi.unstubAllGlobals()
})

test('tokenAuth is no option of the transport, and may be the default of an instance', async () => {
  const { api, policy } = await createWorld()
  const transport = recorded()
  const client = withAuth(ky.create({ fetch: transport, tokenAuth: false }), policy)
  await client.get(`${api.origin}/echo?public`)
  await client.get(`${api.origin}/echo?public`, { tokenAuth: true })
  expect(api.requests.map(({ user }) => user)).toEqual([undefined, 'alice'])
  expect(transport.calls.map(([, init]) => 'tokenAuth' in (init ?? {}))).toEqual([false, false])
})

test('what counts as a refusal can be said as for fetch', async () => {
  const { api, policy } = await createWorld()
  const isRefused = (): boolean => api.requests.length === 1
  await withAuth(ky, policy, { isRefused }).get(`${api.origin}/echo`)
  expect(api.requests.length).toBe(2)
})
