import { findTokenError } from '@unexpired/core'
import { FetchError, ofetch, type FetchContext } from 'ofetch'
import { expect, test } from 'vitest'

import { createWorld } from '@unexpired/adapter-tests/world'
import { withAuth } from './with-auth.ts'

test('hooks of a request, which replace those of the instance in ofetch, take no token away', async () => {
  const { api, policy, refuse } = await createWorld()
  const seen: string[] = []
  const client = withAuth(
    ofetch.create({
      onRequest: () => void seen.push('instance'),
      onResponse: () => void seen.push('answer'),
    }),
    policy,
  )
  refuse()
  await client(`${api.origin}/echo`, { onRequest: () => void seen.push('request') })
  expect(seen).toEqual(['request', 'answer'])
  expect(api.requests.map(({ token }) => token !== undefined)).toEqual([true, true])
})

test('what a hook does to a request is what is sent and replayed', async () => {
  const { api, policy, refuse } = await createWorld()
  refuse()
  await withAuth(ofetch, policy)(`${api.origin}/elsewhere`, {
    method: 'POST',
    body: { of: 'the call' },
    onRequest(context) {
      context.request = `${api.origin}/echo`
      context.options.body = { of: 'the hook' }
    },
  })
  const sent = api.requests.map(({ url, bodyText }) => [url, bodyText])
  expect(sent).toEqual([
    ['/echo', '{"of":"the hook"}'],
    ['/echo', '{"of":"the hook"}'],
  ])
})

test('no hook and no error sees the token', async () => {
  const { api, idp, policy } = await createWorld()
  const shown: string[] = []
  const see = ({ options, request }: FetchContext): void =>
    void shown.push(JSON.stringify([request, [...options.headers]]))
  const error: unknown = await withAuth(ofetch, policy)(`${api.origin}/status/403`, {
    onResponse: see,
    onResponseError: see,
  }).catch((it: unknown) => it)
  expect(error).toBeInstanceOf(FetchError)
  const { options } = error as FetchError
  shown.push(JSON.stringify([...new Headers(options?.headers)]))
  for (const secret of idp.secrets) expect(shown.join()).not.toContain(secret)
})

test('an error of ours is the cause of a FetchError, and goes through the hook for errors', async () => {
  const { api, idp, policy } = await createWorld()
  idp.signOut()
  const seen: unknown[] = []
  const error: unknown = await withAuth(ofetch, policy)(`${api.origin}/echo`, {
    onRequestError: ({ error: it }) => void seen.push(it),
  }).catch((it: unknown) => it)
  expect(error).toBeInstanceOf(FetchError)
  expect(findTokenError(error)?.code).toBe('signed-out')
  expect(seen).toEqual([findTokenError(error)])
})
