import { findTokenError } from '@unexpired/core'
import ky from 'ky'
import { expect, test } from 'vitest'

import {
  alice,
  arrived,
  newMark,
  nobodyYet,
  redirect,
  servers,
} from '@unexpired/adapter-tests/page'
import { withAuth } from './with-auth.ts'

const { api, apiOfXToken, elsewhere } = servers

test('a fresh token travels in the header', async () => {
  const mark = newMark()
  const { policy, refreshes } = await alice('good')
  await withAuth(ky, policy).get(`${api}/echo?${mark}`)
  expect((await arrived(api, mark)).map(({ user }) => user)).toEqual(['alice'])
  expect(refreshes()).toBe(0)
})

test('a token that has ended is refreshed before the request leaves, once for all', async () => {
  const mark = newMark()
  const { policy, refreshes } = await alice('ended')
  const client = withAuth(ky, policy)
  await Promise.all([1, 2, 3].map((n) => client.get(`${api}/echo?${mark}&${n}`)))
  expect((await arrived(api, mark)).map(({ user }) => user)).toEqual(['alice', 'alice', 'alice'])
  expect(refreshes()).toBe(1)
})

test.each([
  ['json', () => ({ json: { a: 'ü' } })],
  ['text', () => ({ body: 'words, ü' })],
  ['parameters', () => ({ body: new URLSearchParams({ a: 'ü&' }) })],
  ['a Blob', () => ({ body: new Blob(['words'], { type: 'image/png' }) })],
  ['bytes', () => ({ body: Uint8Array.from([1, 2, 3]).subarray(1) })],
  [
    'a form',
    () => {
      const body = new FormData()
      body.append('a', 'ü')
      body.append('file', new Blob(['words']), 'a.txt')
      return { body }
    },
  ],
])('a refused request is replayed byte for byte: %s', async (_, body) => {
  const mark = newMark()
  await ky.post(`${api}/echo?public&${mark}`, body())
  const { policy, refreshes } = await alice('refused')
  await withAuth(ky, policy).post(`${api}/echo?${mark}`, body())
  const requests = await arrived(api, mark)
  const sent = requests.map(({ bodyHash, headers }) => [
    bodyHash,
    headers['content-type']?.replace(/boundary=.*/, ''),
  ])
  expect(sent).toEqual([sent[0], sent[0], sent[0]])
  expect(refreshes()).toBe(1)
})

test('a request that opts out leaves without a token, and its refusal stands', async () => {
  const mark = newMark()
  const { policy, refreshes } = await alice('ended')
  const options = { tokenAuth: false, throwHttpErrors: false }
  expect((await withAuth(ky, policy).get(`${api}/echo?${mark}`, options)).status).toBe(401)
  expect((await arrived(api, mark)).map(({ user }) => user)).toEqual([undefined])
  expect(refreshes()).toBe(0)
})

test('an abort ends the wait at once, with the reason of the signal', async () => {
  const mark = newMark()
  const { policy, asked } = nobodyYet()
  const stop = new AbortController()
  const answer = withAuth(ky, policy).get(`${api}/echo?${mark}`, { signal: stop.signal })
  const outcome = answer.catch((error: unknown) => error)
  await expect.poll(asked).toBe(1)
  const reason = new Error('the user left the page')
  stop.abort(reason)
  expect(await outcome).toBe(reason)
  expect(await arrived(api, mark)).toEqual([])
})

test('a redirect to another origin carries no token along', async () => {
  const mark = newMark()
  const { policy, refreshes } = await alice('good')
  await withAuth(ky, policy).get(redirect(api, `${elsewhere}/echo?public&${mark}`))
  const [request] = await arrived(elsewhere, mark)
  expect(request?.headers).toBeDefined()
  expect(request?.headers).not.toHaveProperty('authorization')
  expect(refreshes()).toBe(0)
})

test('a header of another name follows no redirect, and the error says why', async () => {
  const mark = newMark()
  const { policy } = await alice('good', { headerName: 'x-token', scheme: '' })
  const client = withAuth(ky, policy)
  expect((await client.get(`${apiOfXToken}/echo?${mark}`)).status).toBe(200)
  const answer = client.get(redirect(apiOfXToken, `${elsewhere}/echo?public&${mark}`))
  const error: unknown = await answer.catch((it: unknown) => it)
  expect(findTokenError(error)?.code).toBe('redirected')
  expect(await arrived(elsewhere, mark)).toEqual([])
})
