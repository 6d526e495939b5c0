import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Readable } from 'node:stream'
import { findTokenError } from '@unexpired/core'
import { expect, onTestFinished, test } from 'vitest'

import { recordedFetch } from '../test/recorded-fetch.ts'
import { createWorld, type World } from '@unexpired/adapter-tests/world'
import { withAuth, type AuthorizedFetch } from './with-auth.ts'

const custom = async (): Promise<World & { send: AuthorizedFetch }> => {
  const world = await createWorld({ headerName: 'x-token', scheme: '' })
  return { ...world, send: withAuth(fetch, world.policy) }
}
const redirect = (origin: string, to: string, status = 302): string =>
  `${origin}/redirect?status=${status}&to=${encodeURIComponent(to)}`

/** A server that says anything, for answers that the API has none of. */
const say = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** What arrived behind a redirect, as the platform's own fetch does it and as ours does. */
const compare = async (
  status: number,
  make: (url: string) => [string | Request, RequestInit?],
): Promise<unknown[][]> => {
  const { api, send } = await custom()
  for (const call of [fetch, send])
    await (await call(...make(redirect(api.origin, '/echo?public#there', status)))).text()
  const seen = api.requests.map(({ method, url, headers, bodyText }) => [
    method,
    url,
    bodyText,
    headers['content-type'],
    headers['x-own'],
  ])
  return [seen.slice(0, 2), seen.slice(2)]
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE']
test.each(
  [301, 302, 303, 307, 308].flatMap((status) => methods.map((method) => ({ status, method }))),
)(
  '$method redirected by $status arrives as it does with the platform’s fetch',
  async ({ status, method }) => {
    const init = {
      method,
      headers: { 'x-own': '1', 'content-type': 'text/x-own' },
      ...(method.startsWith('P') && { body: 'words' }),
    }
    const [bare, ours] = await compare(status, (url) => [url, init])
    expect(ours).toEqual(bare)
    const [bareRequest, ourRequest] = await compare(status, (url) => [new Request(url, init)])
    expect(ourRequest).toEqual(bareRequest)
    expect(ourRequest).toEqual(ours)
  },
)

test('within the origin the custom header goes along, and the answer looks redirected', async () => {
  const { api, idp, send } = await custom()
  const answer = await send(`${redirect(api.origin, '/redirect?to=/echo')}#here`)
  expect([answer.status, answer.redirected, answer.url]).toEqual([200, true, `${api.origin}/echo`])
  const token = idp.stored?.value
  expect(api.requests.map((request) => request.token)).toEqual([token, token, token])
})

test('another origin sees neither the custom header nor the credentials, also on the way back', async () => {
  const { api, elsewhere, idp, send } = await custom()
  const there = redirect(elsewhere.origin, `${api.origin}/echo?public`, 307)
  const headers = { authorization: 'Basic b3duOm93bg==', cookie: 'a=1', 'x-own': '1' }
  const answer = await send(redirect(api.origin, there, 307), {
    method: 'POST',
    body: 'a',
    headers,
  })
  expect(answer.status).toBe(200)
  const seen = [...elsewhere.requests, ...api.requests.slice(1)]
  expect(
    seen.map(({ bodyText, headers: { 'x-own': own, authorization, cookie, ...rest } }) => [
      bodyText,
      own,
      authorization,
      cookie,
      rest['x-token'],
    ]),
  ).toEqual([
    ['a', '1', undefined, undefined, undefined],
    ['a', '1', undefined, undefined, undefined],
  ])
  for (const secret of idp.secrets) expect(JSON.stringify(seen)).not.toContain(secret)
})

test('a refused request is replayed through its redirects, from a body that is whole', async () => {
  const { api, send, refuse } = await custom()
  refuse()
  const url = redirect(api.origin, '/echo', 307)
  const answer = await send(new Request(url, { method: 'POST', body: 'words' }))
  expect(answer.status).toBe(200)
  expect(api.requests.map(({ bodyText }) => bodyText)).toEqual(['words', 'words', 'words', 'words'])
})

test('the caller’s own redirect mode is honoured, of the call and of a Request', async () => {
  const { api, send } = await custom()
  const url = redirect(api.origin, '/echo')
  expect((await send(url, { redirect: 'manual' })).status).toBe(302)
  expect((await send(new Request(url, { redirect: 'manual' }))).status).toBe(302)
  expect((await send(new Request(url), { redirect: 'manual' })).status).toBe(302)
  await expect(send(url, { redirect: 'error' })).rejects.toThrow(TypeError)
  expect((await send(new Request(url, { redirect: 'error' }), { redirect: 'follow' })).status).toBe(
    200,
  )
})

test.each<[string, (url: string, signal: AbortSignal) => Parameters<AuthorizedFetch>]>([
  ['of the call', (url, signal) => [url, { signal }]],
  ['of a Request', (url, signal) => [new Request(url, { signal })]],
])('the signal %s ends what comes after a redirect, too', async (_, call) => {
  const { api, send } = await custom()
  const stop = new AbortController()
  const held = api.hold('/echo')
  const answer = send(...call(redirect(api.origin, '/echo'), stop.signal))
  await held.arrived
  stop.abort(new Error('gone'))
  await expect(answer).rejects.toThrow('gone')
})

test('a redirect that names no address stands as the answer', async () => {
  const origin = await say((_, response) => response.writeHead(302).end())
  const { policy } = await createWorld({ origins: [origin], headerName: 'x-token' })
  const answer = await withAuth(fetch, policy)(origin)
  expect([answer.status, answer.redirected]).toEqual([302, false])
})

test.each([
  ['in a circle', '/', {}, 21],
  ['to where no http is spoken', 'ftp://127.0.0.1/', {}, 1],
  ['to what is no place at all', 'data:,words', {}, 1],
  ['with a stream that is spent', '/', { method: 'POST', body: new Blob(['a']).stream() }, 1],
  ['with an iterable that is spent', '/', { method: 'POST', body: Readable.from(['a']) }, 1],
])('a redirect %s fails as it does in the platform’s fetch', async (_, location, init, times) => {
  let visits = 0
  const origin = await say((request, response) => {
    visits++
    request.resume().on('end', () => response.writeHead(307, { location }).end())
  })
  const { policy } = await createWorld({ origins: [origin], headerName: 'x-token' })
  const answer = withAuth(fetch, policy)(origin, { duplex: 'half', ...init } as object)
  await expect(answer).rejects.toThrow(TypeError)
  expect(visits).toBe(times)
})

test('a stream is never handed to a second request, whatever the transport makes of it', async () => {
  const { api, policy } = await custom()
  let calls = 0
  const transport = async (): Promise<Response> => {
    calls++
    return new Response(null, { status: 307, headers: { location: '/echo' } })
  }
  const init = { method: 'POST', body: new Blob(['a']).stream(), duplex: 'half' }
  await expect(withAuth(transport, policy)(api.origin, init)).rejects.toThrow(TypeError)
  expect(calls).toBe(1)
})

test('what a redirect says itself holds no connection', async () => {
  const sockets = new Set<Socket>()
  const origin = await say(({ url, socket }, response) => {
    sockets.add(socket)
    if (url === '/there') response.end()
    else response.writeHead(302, { location: '/there' }).end('x'.repeat(300_000))
  })
  const { policy } = await createWorld({ origins: [origin], headerName: 'x-token' })
  const send = withAuth(fetch, policy)
  for (let i = 0; i < 10; i++) await (await send(origin)).text()
  await expect.poll(() => [...sockets].filter(({ destroyed }) => !destroyed).length).toBeLessThan(4)
})

test('where redirects cannot be seen, the call fails and nothing follows', async () => {
  const { api, policy } = await custom()
  const asInBrowsers = async (): Promise<Response> =>
    Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' })
  const error: unknown = await withAuth(
    asInBrowsers,
    policy,
  )(`${api.origin}/echo`).catch((it: unknown) => it)
  expect(findTokenError(error)?.code).toBe('redirected')
})

test('nothing is changed about redirects for the authorization header, or where no token goes', async () => {
  const { api, elsewhere, policy } = await createWorld()
  const transport = recordedFetch()
  await withAuth(transport, policy)(redirect(api.origin, '/echo'))
  const other = await createWorld({ headerName: 'x-token' })
  other.idp.signOut()
  await withAuth(transport, other.policy)(redirect(other.api.origin, '/echo?public'))
  await withAuth(transport, other.policy)(redirect(elsewhere.origin, '/echo?public'))
  expect(transport.calls.map(({ init }) => init?.redirect)).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})
