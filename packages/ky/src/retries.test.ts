import { findTokenError } from '@unexpired/core'
import ky, { HTTPError, type Options } from 'ky'
import { expect, test } from 'vitest'

import { createWorld } from '@unexpired/adapter-tests/world'
import { withAuth } from './with-auth.ts'

const soon: Options = { retry: { limit: 2, delay: () => 1 } }

test('each retry of ky’s own reads the token anew', async () => {
  const { api, idp, policy } = await createWorld()
  const held = api.hold('/flaky')
  const answer = withAuth(ky.create(soon), policy).get(`${api.origin}/flaky`)
  await held.arrived
  await policy.refresh()
  held.release()
  expect((await answer).status).toBe(200)
  const [first, second] = api.requests.map(({ token }) => token)
  expect(second).toBe(idp.stored?.value)
  expect(second).not.toBe(first)
})

test('a replay does not count as a retry', async () => {
  const { api, idp, policy, refuse } = await createWorld()
  refuse()
  const client = withAuth(ky.create({ retry: { limit: 1, delay: () => 1 } }), policy)
  expect((await client.get(`${api.origin}/flaky?times=2`)).status).toBe(200)
  expect(api.requests.length).toBe(3)
  expect(idp.refreshes.length).toBe(1)
})

test('a server that refuses every token is asked twice, whatever ky would repeat', async () => {
  const { api, policy } = await createWorld()
  const retry = { limit: 3, statusCodes: [503], delay: () => 1 }
  const answer = withAuth(ky.create({ retry }), policy).get(`${api.origin}/refuse`)
  await expect(answer).rejects.toThrow(HTTPError)
  expect(api.requests.length).toBe(2)
})

test('a request without a token to send is not repeated by ky', async () => {
  const { api, idp, policy, expire } = await createWorld()
  await expire()
  idp.endSessions('alice')
  let retries = 0
  const hooks = { beforeRetry: [() => void retries++] }
  const client = withAuth(ky.create(soon), policy).extend({ hooks })
  const error: unknown = await client.get(`${api.origin}/echo`).catch((it: unknown) => it)
  expect(findTokenError(error)?.code).toBe('session-revoked')
  expect([retries, idp.refreshes.length, api.requests.length]).toEqual([0, 1, 0])
})

test('the timeout of ky counts the wait for a token', async () => {
  const { api, idp, policy, expire } = await createWorld()
  await expire()
  idp.next('no-answer')
  const answer = withAuth(ky, policy).get(`${api.origin}/echo`, { timeout: 30, retry: 0 })
  await expect(answer).rejects.toMatchObject({ name: 'TimeoutError' })
  expect(api.requests.length).toBe(0)
})
