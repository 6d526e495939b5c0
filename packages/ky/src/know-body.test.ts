import ky from 'ky'
import { afterEach, expect, test, vi } from 'vitest'

import { createWorld } from '@unexpired/adapter-tests/world'
import { withAuth } from './with-auth.ts'

afterEach(() => vi.restoreAllMocks())

/** How often a `Request` is cloned; ky does it for its own retries, unless it is to do none. */
const clones = async (send: () => Promise<unknown>): Promise<number> => {
  const clone = vi.spyOn(Request.prototype, 'clone')
  await send()
  return clone.mock.calls.length
}

test('json is sent again from its text, and its Request is not cloned', async () => {
  const { api, policy, refuse } = await createWorld()
  refuse()
  const client = withAuth(ky.create({ retry: 0 }), policy)
  const url = `${api.origin}/echo`
  expect(await clones(() => client.post(url, { json: { a: 'ü' } }))).toBe(0)
  const sent = api.requests.map(({ bodyText, headers }) => [bodyText, headers['content-type']])
  expect(sent).toEqual([
    ['{"a":"ü"}', 'application/json'],
    ['{"a":"ü"}', 'application/json'],
  ])
})

test('a stream is not cloned, so that it is not kept in memory', async () => {
  const { api, policy } = await createWorld()
  const client = withAuth(ky.create({ retry: 0 }), policy)
  const body = new Blob(['one ', 'two']).stream()
  expect(await clones(() => client.post(`${api.origin}/echo`, { body }))).toBe(0)
  expect(api.requests.map(({ bodyText }) => bodyText)).toEqual(['one two'])
})

test('json is written once, and what cannot be written fails as in ky', async () => {
  const { api, policy } = await createWorld()
  const client = withAuth(ky, policy)
  let times = 0
  await client.post(`${api.origin}/echo`, { json: { toJSON: () => ++times } })
  expect([times, api.requests[0]?.bodyText]).toEqual([1, '1'])
  const send = (by: typeof ky) => (): unknown => by.post(`${api.origin}/echo`, { json: 1n })
  expect(send(client)).toThrow(TypeError)
  expect(send(ky)).toThrow(TypeError)
})

test('a retry that an app forces in a hook is one request, not many', async () => {
  const { api, policy, refuse } = await createWorld()
  refuse()
  let answers = 0
  const client = withAuth(
    ky.create({
      retry: { delay: () => 1 },
      hooks: { afterResponse: [() => (answers++ === 0 ? ky.retry() : undefined)] },
    }),
    policy,
  )
  await client.get(`${api.origin}/echo`)
  expect(api.requests.length).toBe(3)
})
