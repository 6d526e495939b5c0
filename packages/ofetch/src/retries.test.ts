import { findTokenError } from '@unexpired/core'
import { FetchError, ofetch } from 'ofetch'
import { expect, test } from 'vitest'

import { createWorld } from '@unexpired/adapter-tests/world'
import { withAuth } from './with-auth.ts'

test('a retry of ofetch’s own reads the token anew', async () => {
  const { api, idp, policy } = await createWorld()
  const held = api.hold('/flaky')
  const answer = withAuth(ofetch, policy)(`${api.origin}/flaky`)
  await held.arrived
  await policy.refresh()
  held.release()
  expect(await answer).toMatchObject({ url: '/flaky' })
  const [first, second] = api.requests.map(({ token }) => token)
  expect(second).toBe(idp.stored?.value)
  expect(second).not.toBe(first)
})

test('a replay does not count as a retry', async () => {
  const { api, idp, policy, refuse } = await createWorld()
  refuse()
  await withAuth(ofetch, policy)(`${api.origin}/flaky?times=2`)
  expect(api.requests.length).toBe(3)
  expect(idp.refreshes.length).toBe(1)
})

test('a server that refuses every token is asked twice', async () => {
  const { api, policy } = await createWorld()
  const answer = withAuth(ofetch, policy)(`${api.origin}/refuse`, { retry: 3 })
  await expect(answer).rejects.toThrow(FetchError)
  expect(api.requests.length).toBe(2)
})

test('a request without a token to send is not repeated, also where retries are asked for', async () => {
  const { api, idp, policy } = await createWorld()
  idp.signOut()
  const options = { retry: 3, retryStatusCodes: [500] }
  const error: unknown = await withAuth(ofetch, policy)(`${api.origin}/echo`, options).catch(
    (it: unknown) => it,
  )
  expect(findTokenError(error)?.code).toBe('signed-out')
  expect(api.requests.length).toBe(1)
  expect(options).toEqual({ retry: 3, retryStatusCodes: [500] })
})

test('a network error is repeated as ofetch does it', async () => {
  const { api, policy } = await createWorld()
  const answer = withAuth(ofetch, policy)(`${api.origin}/drop`)
  await expect(answer).rejects.toThrow(FetchError)
  expect(api.requests.length).toBe(2)
})

test('the timeout of ofetch counts the wait for a token', async () => {
  const { api, idp, policy, expire } = await createWorld()
  await expire()
  idp.next('no-answer')
  const answer = withAuth(ofetch, policy)(`${api.origin}/echo`, { timeout: 30, retry: false })
  await expect(answer).rejects.toMatchObject({ cause: { name: 'TimeoutError' } })
  expect(api.requests.length).toBe(0)
})
