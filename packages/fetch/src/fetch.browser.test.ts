import { findTokenError } from '@unexpired/core'
import { expect, test, vi } from 'vitest'

import {
  alice,
  arrived,
  newMark,
  nobodyYet,
  redirect,
  servers,
} from '@unexpired/adapter-tests/page'
import { withAuth, type AuthorizedFetch } from './with-auth.ts'

const { api, apiOfXToken, elsewhere } = servers

test('a fresh token travels in the header, for a string, a URL and a Request', async () => {
  const mark = newMark()
  const { policy, refreshes } = await alice('good')
  const send = withAuth(fetch, policy)
  const url = `${api}/echo?${mark}`
  for (const input of [url, new URL(url), new Request(url)])
    expect((await send(input)).status).toBe(200)
  expect((await arrived(api, mark)).map(({ user }) => user)).toEqual(['alice', 'alice', 'alice'])
  expect(refreshes()).toBe(0)
})

test('a token that has ended is refreshed before the request leaves, once for all', async () => {
  const mark = newMark()
  const { policy, refreshes } = await alice('ended')
  const send = withAuth(fetch, policy)
  const answers = await Promise.all([1, 2, 3].map((n) => send(`${api}/echo?${mark}&${n}`)))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(await arrived(api, mark)).toHaveLength(3)
  expect(refreshes()).toBe(1)
})

test.each([
  ['text', () => 'words, ü'],
  ['parameters', () => new URLSearchParams({ a: 'ü&' })],
  ['a Blob', () => new Blob(['words'], { type: 'image/png' })],
  ['a buffer', () => Uint8Array.from([1, 2, 3]).buffer],
  ['bytes', () => Uint8Array.from([1, 2, 3]).subarray(1)],
  [
    'a form',
    () => {
      const form = new FormData()
      form.append('a', 'ü')
      form.append('file', new Blob(['words']), 'a.txt')
      return form
    },
  ],
])('a refused request is replayed byte for byte: %s, also from a Request', async (_, body) => {
  const mark = newMark()
  const init = (): RequestInit => ({ method: 'POST', body: body() })
  await fetch(`${api}/echo?public&${mark}`, init())
  const first = await alice('refused')
  await withAuth(fetch, first.policy)(`${api}/echo?${mark}`, init())
  const second = await alice('refused')
  await withAuth(fetch, second.policy)(new Request(`${api}/echo?${mark}`, init()))
  const hashes = (await arrived(api, mark)).map(({ bodyHash }) => bodyHash)
  expect(hashes).toEqual(Array.from({ length: 5 }, () => hashes[0]))
  expect([first.refreshes(), second.refreshes()]).toEqual([1, 1])
})

test('a request that opts out leaves without a token, and its refusal stands', async () => {
  const mark = newMark()
  const { policy, refreshes } = await alice('ended')
  const answer = await withAuth(fetch, policy)(`${api}/echo?${mark}`, { tokenAuth: false })
  expect(answer.status).toBe(401)
  expect((await arrived(api, mark)).map(({ user }) => user)).toEqual([undefined])
  expect(refreshes()).toBe(0)
})

type Call = Parameters<AuthorizedFetch>

test.each<[string, (url: string, signal: AbortSignal) => Call]>([
  ['of the call', (url, signal) => [url, { signal }]],
  ['of a Request', (url, signal) => [new Request(url, { signal })]],
])('an abort by the signal %s ends the wait at once, with its own reason', async (_, call) => {
  const mark = newMark()
  const { policy, asked } = nobodyYet()
  const stop = new AbortController()
  const answer = withAuth(fetch, policy)(...call(`${api}/echo?${mark}`, stop.signal))
  const outcome = answer.catch((error: unknown) => error)
  await expect.poll(asked).toBe(1)
  const reason = new Error('the user left the page')
  stop.abort(reason)
  expect(await outcome).toBe(reason)
  expect(await arrived(api, mark)).toEqual([])
})

test('a redirect to another origin carries no token along, and its refusal stands', async () => {
  const mark = newMark()
  const { policy, refreshes } = await alice('good')
  const answer = await withAuth(fetch, policy)(redirect(api, `${elsewhere}/echo?${mark}`))
  expect(answer.status).toBe(401)
  const [request] = await arrived(elsewhere, mark)
  expect(request?.headers).toBeDefined()
  expect(request?.headers).not.toHaveProperty('authorization')
  expect(refreshes()).toBe(0)
})

test('a header of another name follows no redirect, and the error says why', async () => {
  const mark = newMark()
  const { policy } = await alice('good', { headerName: 'x-token', scheme: '' })
  const send = withAuth(fetch, policy)
  expect((await send(`${apiOfXToken}/echo?${mark}`)).status).toBe(200)
  const there = redirect(apiOfXToken, `${elsewhere}/echo?public&${mark}`)
  const error: unknown = await send(there).catch((it: unknown) => it)
  expect(findTokenError(error)).toMatchObject({ code: 'redirected', kind: 'misconfigured' })
  expect(await arrived(elsewhere, mark)).toEqual([])
  expect((await send(there, { redirect: 'manual' })).type).toBe('opaqueredirect')
})

test('control: fetch by itself carries a header of another name to another origin', async () => {
  const mark = newMark()
  const headers = { 'x-token': 'leaks' }
  await fetch(redirect(apiOfXToken, `${elsewhere}/echo?public&${mark}`), { headers })
  const seen = (await arrived(elsewhere, mark)).map((request) => request.headers['x-token'])
  expect(seen).toEqual(['leaks'])
})

test('a Request keeps its referrer policy', async () => {
  const mark = newMark()
  const { policy } = await alice('good')
  const url = `${api}/echo?${mark}`
  await withAuth(fetch, policy)(new Request(url, { referrerPolicy: 'no-referrer' }))
  await withAuth(fetch, policy)(new Request(url, { referrerPolicy: 'unsafe-url' }))
  const referrers = (await arrived(api, mark)).map(({ headers }) => headers.referer)
  expect(referrers).toEqual([undefined, location.href])
})

test('a Request of another realm is recognised', async () => {
  const mark = newMark()
  const { policy } = await alice('refused')
  const frame = document.createElement('iframe')
  document.body.append(frame)
  const { Request: Foreign } = frame.contentWindow as unknown as typeof globalThis
  const request = new Foreign(`${api}/echo?${mark}`, { method: 'POST', body: 'words' })
  expect(request).not.toBeInstanceOf(Request)
  expect((await withAuth(fetch, policy)(request)).status).toBe(200)
  expect((await arrived(api, mark)).map(({ bodyText }) => bodyText)).toEqual(['words', 'words'])
  frame.remove()
})

test('a relative address is one of the page', async () => {
  const { policy } = await alice('ended')
  const answer = await withAuth(fetch, policy)('/favicon.ico')
  expect(new URL(answer.url).origin).toBe(location.origin)
})

test('a global fetch that is replaced later is used', async () => {
  const { policy } = await alice('good')
  const send = withAuth(fetch, policy)
  vi.stubGlobal('fetch', async () => Response.json('replaced'))
  expect(await (await send(`${api}/echo`)).json()).toBe('replaced')
  vi.unstubAllGlobals()
})
