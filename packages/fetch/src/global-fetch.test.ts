import { afterEach, expect, test, vi } from 'vitest'

import { recordedFetch } from '../test/recorded-fetch.ts'
import { createWorld } from '@unexpired/adapter-tests/world'
import { withAuth } from './with-auth.ts'

afterEach(() => vi.unstubAllGlobals())

test('a global fetch that is replaced later is used', async () => {
  const { api, idp, policy } = await createWorld()
  const send = withAuth(fetch, policy)
  const calls: (RequestInit | undefined)[] = []
  vi.stubGlobal(
    'fetch',
    async (_: unknown, init?: RequestInit) => (calls.push(init), Response.json(1)),
  )
  expect(await (await send(`${api.origin}/echo`)).json()).toBe(1)
  expect(new Headers(calls[0]?.headers).get('authorization')).toBe(`Bearer ${idp.stored?.value}`)
  expect(api.requests).toEqual([])
})

test('a fetch of one’s own is not exchanged for the global one', async () => {
  const { api, policy } = await createWorld()
  const transport = recordedFetch()
  const send = withAuth(transport, policy)
  await send(`${api.origin}/echo`)
  expect(transport.calls.length).toBe(1)
})

test('may become the global fetch itself, and others may wrap it there', async () => {
  const { api, elsewhere, idp, policy, refuse } = await createWorld()
  vi.stubGlobal('fetch', withAuth(fetch, policy))
  const ours = fetch
  const traced: unknown[] = []
  const use = async (): Promise<void> => {
    refuse()
    expect((await fetch(`${api.origin}/echo`)).status).toBe(200)
    expect((await fetch(`${api.origin}/echo`, { tokenAuth: false } as RequestInit)).status).toBe(
      401,
    )
    expect((await fetch(`${elsewhere.origin}/echo?public`)).status).toBe(200)
    idp.signOut()
    expect((await fetch(`${api.origin}/echo?public`)).status).toBe(200)
    idp.signIn('alice')
  }
  await use()
  expect(api.requests.length).toBe(4)
  vi.stubGlobal('fetch', (...call: Parameters<typeof fetch>) => {
    traced.push(call[0])
    return ours(...call)
  })
  await use()
  expect(api.requests.length).toBe(8)
  expect(elsewhere.requests.every(({ token }) => token === undefined)).toBe(true)
})
