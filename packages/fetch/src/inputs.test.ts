import { expect, expectTypeOf, test } from 'vitest'

import { recordedFetch } from '../test/recorded-fetch.ts'
import { createWorld } from '@unexpired/adapter-tests/world'
import { withAuth, type AuthorizedFetch } from './with-auth.ts'

test('is typed as fetch is, with one more key', () => {
  expectTypeOf<AuthorizedFetch>().toExtend<typeof fetch>()
  expectTypeOf<Parameters<AuthorizedFetch>[0]>().toEqualTypeOf<string | URL | Request>()
  expectTypeOf<NonNullable<Parameters<AuthorizedFetch>[1]>>().toExtend<RequestInit>()
  expectTypeOf<ReturnType<AuthorizedFetch>>().toEqualTypeOf<Promise<Response>>()
  expectTypeOf<AuthorizedFetch>().toBeCallableWith('/', { method: 'POST', tokenAuth: false })
  // @ts-expect-error the key takes a boolean
  void ((api: AuthorizedFetch) => api('/', { tokenAuth: 'no' }))
})

test('takes a string, a URL and a Request', async () => {
  const { api, idp, policy } = await createWorld()
  const send = withAuth(fetch, policy)
  const url = `${api.origin}/echo`
  for (const input of [url, new URL(url), new Request(url)])
    expect((await send(input)).status).toBe(200)
  const token = idp.stored?.value
  expect(api.requests.map((request) => request.token)).toEqual([token, token, token])
})

test('keeps the headers of a Request, and lets those of the call replace them, as fetch does', async () => {
  const { api, policy } = await createWorld()
  const send = withAuth(fetch, policy)
  const request = (): Request => new Request(`${api.origin}/echo`, { headers: { 'x-own': '1' } })
  await send(request())
  await send(request(), { headers: [['x-other', '2']] })
  const seen = api.requests.map(({ token, headers }) => [
    !!token,
    headers['x-own'],
    headers['x-other'],
  ])
  expect(seen).toEqual([
    [true, '1', undefined],
    [true, undefined, '2'],
  ])
})

test('the caller’s own objects come out as they went in', async () => {
  const { api, policy } = await createWorld()
  const request = new Request(`${api.origin}/echo`)
  const headers = new Headers({ 'x-own': '1' })
  const init = Object.freeze({ headers })
  await withAuth(fetch, policy)(request, init)
  expect([...headers.keys()]).toEqual(['x-own'])
  expect([...request.headers.keys()]).toEqual([])
})

test('a Request keeps its referrer and its policy for it, which any init resets', async () => {
  const { api, policy } = await createWorld()
  const transport = recordedFetch()
  const request = new Request(`${api.origin}/echo`, {
    referrer: '',
    referrerPolicy: 'no-referrer',
  })
  await withAuth(transport, policy)(request)
  const { input = '', init } = transport.calls[0] ?? {}
  const sent = new Request(input, init)
  expect([sent.referrer, sent.referrerPolicy]).toEqual(['', 'no-referrer'])
})

test('a Request of a polyfill is recognised by its shape and handed on', async () => {
  const { api, idp, policy, refuse } = await createWorld()
  refuse()
  const calls: unknown[] = []
  const polyfill = {
    url: `${api.origin}/echo`,
    method: 'GET',
    headers: new Map([['x-own', '1']]),
    signal: undefined,
  }
  const send = withAuth((input, init) => {
    calls.push(input)
    return fetch((input as Request).url, init)
  }, policy)
  expect((await send(polyfill as unknown as Request)).status).toBe(200)
  expect(calls).toEqual([polyfill, polyfill])
  expect(api.requests.map(({ headers }) => headers['x-own'])).toEqual(['1', '1'])
  expect(api.requests[1]?.token).toBe(idp.stored?.value)
})

test('nothing of a request elsewhere is touched: not its headers, not its body', async () => {
  const { elsewhere, policy } = await createWorld()
  const transport = recordedFetch()
  const url = `${elsewhere.origin}/echo?public`
  const init = {
    get headers(): HeadersInit {
      if (transport.calls.length === 0) throw new Error('looked at the headers')
      return {}
    },
  }
  await withAuth(transport, policy)(url, init)
  expect(transport.calls).toEqual([{ input: url, init }])
  expect(transport.calls[0]?.init).toBe(init)
})

test('tokenAuth reaches no other fetch, whatever it says', async () => {
  const { api, idp, policy } = await createWorld()
  const transport = recordedFetch()
  const send = withAuth(transport, policy)
  for (const tokenAuth of [true, false, undefined])
    await send(`${api.origin}/echo?public`, { tokenAuth, headers: { 'x-own': '1' } })
  expect(transport.calls.map(({ init }) => 'tokenAuth' in (init ?? {}))).toEqual([
    false,
    false,
    false,
  ])
  expect(api.requests.map(({ token }) => token)).toEqual([
    idp.stored?.value,
    undefined,
    idp.stored?.value,
  ])
  expect(api.requests.map(({ headers }) => headers['x-own'])).toEqual(['1', '1', '1'])
})

test('a signal of the call stands before the one of the Request, and null for none', async () => {
  const { api, idp, policy, expire } = await createWorld()
  await expire()
  const stopped = AbortSignal.abort(new Error('gone'))
  const request = (): Request => new Request(`${api.origin}/echo`, { signal: stopped })
  const send = withAuth(fetch, policy)
  await expect(send(request())).rejects.toThrow('gone')
  expect(idp.refreshes).toEqual([])
  expect((await send(request(), { signal: null })).status).toBe(200)
  expect((await send(request(), { signal: new AbortController().signal })).status).toBe(200)
})

test('the headers of one request do not reach the next', async () => {
  const { api, policy } = await createWorld()
  const send = withAuth(fetch, policy)
  await send(`${api.origin}/echo`, { headers: { 'x-own': '1' } })
  await send(`${api.origin}/echo`)
  const seen = api.requests.map(({ user, headers }) => [user, headers['x-own']])
  expect(seen).toEqual([
    ['alice', '1'],
    ['alice', undefined],
  ])
})

test('headers that the caller changes while the request waits are sent as they were', async () => {
  const { api, policy, expire } = await createWorld()
  await expire()
  const headers = new Headers({ 'x-own': '1' })
  const answer = withAuth(fetch, policy)(`${api.origin}/echo`, { headers })
  headers.set('x-own', '2')
  await answer
  expect(api.requests[0]?.headers['x-own']).toBe('1')
})
