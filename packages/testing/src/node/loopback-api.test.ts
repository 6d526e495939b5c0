import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { scriptedIdp } from '../idp/scripted-idp.ts'
import type { ScriptedIdp } from '../idp/scripted-idp.ts'
import { loopbackApi } from './loopback-api.ts'
import type { LoopbackApi } from './loopback-api.ts'

let idp: ScriptedIdp
let api: LoopbackApi
let token: string

beforeEach(async () => {
  idp = scriptedIdp()
  api = await loopbackApi({ check: idp.check })
  token = idp.signIn('alice').value
})
afterEach(() => api.close())

const get = (path: string, init: RequestInit = {}) =>
  fetch(api.origin + path, {
    redirect: 'manual',
    ...init,
    headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) },
  })
const bare = (path: string, init?: RequestInit) => fetch(api.origin + path, init)

describe('a token', () => {
  test('that is valid opens the door', async () => {
    const answer = await get('/echo?a=1')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ method: 'GET', url: '/echo?a=1', user: 'alice' })
    expect(api.requests).toMatchObject([{ token, user: 'alice' }])
  })

  test('that is revoked, unknown or missing does not', async () => {
    idp.revokeAccess(token)
    const answers = [
      await get('/echo'),
      await bare('/echo', { headers: { authorization: 'Bearer x' } }),
      await bare('/echo', { headers: { authorization: `Basic ${token}` } }),
      await bare('/echo'),
    ]
    expect(answers.map((a) => [a.status, a.headers.get('www-authenticate')])).toEqual([
      [401, 'Bearer error="invalid_token"'],
      [401, 'Bearer error="invalid_token"'],
      [401, 'Bearer'],
      [401, 'Bearer'],
    ])
  })

  test('can be wanted in another header, without a scheme', async () => {
    const other = await loopbackApi({ check: idp.check, headerName: 'X-Token', scheme: '' })
    const answer = await fetch(`${other.origin}/echo`, { headers: { 'x-token': token } })
    await other.close()
    expect(answer.status).toBe(200)
  })

  test('is not needed where the query says so, and any will do where nobody checks', async () => {
    expect((await bare('/echo?public')).status).toBe(200)
    const lenient = await loopbackApi()
    const answer = await fetch(`${lenient.origin}/echo`, { headers: { authorization: 'Bearer x' } })
    await lenient.close()
    expect(answer.status).toBe(200)
  })
})

describe('what arrived', () => {
  test('is kept with the length, the text and the hash of its body', async () => {
    for (const body of ['one', 'one', 'two']) await get('/echo', { method: 'POST', body })
    const [first, second, third] = api.requests
    expect(first).toMatchObject({ method: 'POST', bodyLength: 3, bodyText: 'one' })
    expect(second!.bodyHash).toBe(first!.bodyHash)
    expect(third!.bodyHash).not.toBe(first!.bodyHash)
  })

  test('has the same hash for the same form, whatever the boundary', async () => {
    const form = (value: string) => {
      const data = new FormData()
      data.append('field', value)
      return data
    }
    for (const value of ['a', 'a', 'b']) await get('/echo', { method: 'POST', body: form(value) })
    const [first, second, third] = api.requests
    expect(second!.headers['content-type']).not.toBe(first!.headers['content-type'])
    expect(second!.bodyHash).toBe(first!.bodyHash)
    expect(third!.bodyHash).not.toBe(first!.bodyHash)
  })

  test('can be asked for over HTTP', async () => {
    await get('/echo')
    expect(await (await bare('/requests')).json()).toMatchObject([{ url: '/echo', user: 'alice' }])
  })

  test('is nothing when the request was cut off', async () => {
    const socket = connect(Number(new URL(api.origin).port), '127.0.0.1')
    socket.write('POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf')
    await expect.poll(() => api.openSockets).toBe(1)
    socket.destroy()
    await expect.poll(() => api.openSockets).toBe(0)
    expect(api.requests).toEqual([])
    expect(api.socketsOpened).toBe(1)
  })
})

describe('routes', () => {
  test('answer with any status, whatever the token', async () => {
    expect((await bare('/status/403')).status).toBe(403)
    expect((await bare('/status/204')).status).toBe(204)
    expect((await bare('/nothing')).status).toBe(404)
  })

  test('refuse with any challenge and any length', async () => {
    const challenge = 'Bearer error="insufficient_scope"'
    const answer = await get(`/refuse?bytes=5000&challenge=${encodeURIComponent(challenge)}`)
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, challenge])
    expect((await answer.text()).length).toBeGreaterThan(5_000)
    api.refusalBytes = 9_000
    expect((await (await bare('/echo')).text()).length).toBeGreaterThan(9_000)
  })

  test('fail so many times, and then answer', async () => {
    const statuses = []
    for (let i = 0; i < 4; i++) statuses.push((await get('/flaky?times=2&status=502')).status)
    expect(statuses).toEqual([502, 502, 200, 200])
    expect((await get('/flaky?times=1')).status).toBe(503)
  })

  test('redirect', async () => {
    const answer = await bare('/redirect?status=307&to=/echo')
    expect([answer.status, answer.redirected]).toEqual([401, true])
    expect((await bare('/redirect')).url).toBe(`${api.origin}/echo`)
    const kept = await get('/redirect?status=308&to=https://example.com/')
    expect([kept.status, kept.headers.get('location')]).toEqual([308, 'https://example.com/'])
  })

  test('take their time, stream, and send any number of bytes', async () => {
    const started = performance.now()
    expect((await get('/slow?ms=60')).status).toBe(200)
    expect(performance.now() - started).toBeGreaterThan(50)
    expect(await (await get('/stream?chunks=2&ms=1')).text()).toBe('chunk 0\nchunk 1\n')
    expect(await (await get('/bytes/70000')).text()).toHaveLength(70_000)
  })

  test('break: half JSON, a page, a cut connection, no answer', async () => {
    await expect((await bare('/bad-json')).json()).rejects.toThrow(SyntaxError)
    expect((await bare('/html?status=502')).status).toBe(502)
    await expect(bare('/drop')).rejects.toThrow(TypeError)
    await expect(bare('/hang', { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout')
  })

  test('speak GraphQL, and can refuse as it does', async () => {
    const json = async (answer: Promise<Response>) =>
      [(await answer).status, await (await answer).json()] as const
    expect(await json(get('/graphql/echo'))).toMatchObject([200, { data: { user: 'alice' } }])
    expect(await json(bare('/graphql/echo'))).toMatchObject([401, { error: 'invalid_token' }])
    expect(await json(bare('/graphql-200/echo'))).toMatchObject([
      200,
      { data: null, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    ])
  })
})

test('a held request waits until it is released, and is judged by what is known then', async () => {
  const hold = api.hold('/echo')
  const answer = get('/echo?held')
  expect((await hold.arrived).url).toBe('/echo?held')
  expect((await get('/echo')).status).toBe(200)
  idp.revokeAccess(token)
  hold.release()
  expect((await answer).status).toBe(401)
})

test('any page may call, and preflights are not counted', async () => {
  const origin = 'http://page.test'
  const preflight = await bare('/echo', {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'authorization',
    },
  })
  expect(preflight.status).toBe(204)
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'PUT',
    'access-control-allow-headers': 'authorization',
  })
  const answer = await get('/echo', { headers: { origin } })
  expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
  expect(api.requests).toHaveLength(1)
})
