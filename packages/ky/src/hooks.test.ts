import { isTokenError } from '@unexpired/core'
import ky, { HTTPError, type Hooks } from 'ky'
import { expect, test } from 'vitest'

import { createWorld } from '@unexpired/adapter-tests/world'
import { withAuth } from './with-auth.ts'

test('hooks of an app are kept and see one answer, the last', async () => {
  const { api, policy, refuse } = await createWorld()
  const seen: string[] = []
  const hooks: Hooks = {
    beforeRequest: [() => void seen.push('before')],
    afterResponse: [() => void seen.push('after')],
  }
  refuse()
  await withAuth(ky.create({ hooks }), policy).get(`${api.origin}/echo`)
  expect(seen).toEqual(['before', 'after'])
  expect(api.requests.length).toBe(2)
})

test('an app that removes all hooks keeps its tokens', async () => {
  const { api, idp, policy, refuse } = await createWorld()
  refuse()
  const none = {
    init: undefined,
    beforeRequest: undefined,
    beforeRetry: undefined,
    beforeError: undefined,
    afterResponse: undefined,
  } as unknown as Hooks
  const client = withAuth(ky, policy).extend({ hooks: none })
  await client.post(`${api.origin}/echo`, { json: { a: 1 } })
  expect(api.requests.map(({ bodyText }) => bodyText)).toEqual(['{"a":1}', '{"a":1}'])
  expect(api.requests[1]?.token).toBe(idp.stored?.value)
})

test('a request that a hook has made anew is sent and replayed as the hook made it', async () => {
  const { api, policy, refuse } = await createWorld()
  refuse()
  const hooks: Hooks = {
    beforeRequest: [
      () => new Request(`${api.origin}/echo`, { method: 'PUT', body: 'of the hook' }),
    ],
  }
  const client = withAuth(ky.create({ hooks }), policy)
  await client.post(`${api.origin}/elsewhere`, { json: 'of the call' })
  await client.post(`${api.origin}/elsewhere`, { body: new Blob(['of the call']).stream() })
  const sent = api.requests.map(({ method, bodyText }) => `${method} ${bodyText}`)
  expect(sent).toEqual(['PUT of the hook', 'PUT of the hook', 'PUT of the hook'])
})

test('no hook and no error sees the token', async () => {
  const { api, idp, policy } = await createWorld()
  const shown: string[] = []
  const see = ({ headers }: Request): void => void shown.push(JSON.stringify([...headers]))
  const client = withAuth(ky.create({ retry: 0 }), policy)
  const error: unknown = await client.get(`${api.origin}/status/403`).catch((it: unknown) => it)
  expect(error).toBeInstanceOf(HTTPError)
  see((error as HTTPError).request)
  for (const secret of idp.secrets) expect(shown.join()).not.toContain(secret)
})

test('an error of ours is ours as it is, and goes through the hooks for errors', async () => {
  const { api, idp, policy } = await createWorld()
  idp.signOut()
  const error: unknown = await withAuth(ky, policy)
    .post(`${api.origin}/echo`)
    .catch((it: unknown) => it)
  expect(isTokenError(error)).toBe(true)
  expect((error as Error).name).toBe('TokenError')
})
