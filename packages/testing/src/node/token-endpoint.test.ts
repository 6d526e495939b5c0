import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { scriptedIdp } from '../idp/scripted-idp.ts'
import type { ScriptedIdp } from '../idp/scripted-idp.ts'
import { tokenEndpoint } from './token-endpoint.ts'
import type { TokenEndpoint } from './token-endpoint.ts'

let idp: ScriptedIdp
let endpoint: TokenEndpoint

beforeEach(async () => {
  idp = scriptedIdp()
  endpoint = await tokenEndpoint(idp)
})
afterEach(() => endpoint.close())

const spend = (refreshToken: string, init: RequestInit = {}) =>
  fetch(endpoint.url, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    ...init,
  })
const read = async (answer: Response) => (await answer.json()) as Record<string, string | number>

test('a refresh token buys new tokens, once', async () => {
  const { refreshToken } = idp.signIn('alice')
  const first = await read(await spend(refreshToken))
  expect(first).toMatchObject({ token_type: 'Bearer', expires_in: 3_600 })
  expect(idp.check(String(first.access_token))).toEqual({ status: 'valid', user: 'alice' })
  const second = await spend(refreshToken)
  expect(second.status).toBe(400)
  expect(await read(second)).toEqual({ error: 'invalid_grant', error_description: 'token-reused' })
  expect(idp.spentTwice).toBe(1)
  expect(idp.refreshes).toMatchObject([{ outcome: 'refreshed' }, { code: 'token-reused' }])
})

test('a sign-in starts a session', async () => {
  const body = new URLSearchParams({ user: 'bob' })
  const answer = await fetch(`${endpoint.origin}/sign-in`, { method: 'POST', body })
  expect(idp.check(String((await read(answer)).access_token)).user).toBe('bob')
  expect(idp.stored?.identity).toBe('bob')
  await fetch(`${endpoint.origin}/sign-in`, { method: 'POST' })
  expect(idp.stored?.identity).toBe('alice')
})

describe('faults come as HTTP', () => {
  test.each([
    [{ name: 'throttled', retryAfterMs: 1_500 }, 429, { 'retry-after': '2' }],
    ['throttled', 429, {}],
    ['server-error', 503, {}],
    [{ name: 'server-error', status: 500 }, 500, {}],
    ['throws', 500, {}],
    ['html', 502, { 'content-type': 'text/html' }],
    [{ name: 'html', status: 403 }, 403, { 'content-type': 'text/html' }],
    [{ name: 'refused', code: 'wrong-client' }, 401, {}],
    [{ name: 'refused', code: 'unsupported' }, 400, {}],
    [{ name: 'refused', code: 'session-expired' }, 400, {}],
  ] as const)('%o is %s', async (fault, status, headers) => {
    idp.next(fault)
    const answer = await spend(idp.signIn().refreshToken)
    expect(answer.status).toBe(status)
    expect(Object.fromEntries(answer.headers)).toMatchObject(headers)
  })

  test.each([
    ['offline', false],
    ['lost-answer', true],
  ] as const)('%s cuts the connection; spent: %s', async (fault, spent) => {
    const { refreshToken } = idp.signIn()
    idp.next(fault)
    await expect(spend(refreshToken)).rejects.toThrow(TypeError)
    expect((await spend(refreshToken)).ok).toBe(!spent)
  })

  test('no answer is none until the client goes', async () => {
    idp.next('no-answer')
    const { refreshToken } = idp.signIn()
    await expect(spend(refreshToken, { signal: AbortSignal.timeout(50) })).rejects.toThrow(
      'timeout',
    )
    await expect.poll(() => idp.refreshes[0]!.outcome).toBe('aborted')
    expect((await spend(refreshToken)).ok).toBe(true)
  })

  test('a token that cannot be sent comes as an answer', async () => {
    idp.next('bad-token')
    expect((await read(await spend(idp.signIn().refreshToken))).access_token).toContain('\n')
  })
})

test('what it does not know is said', async () => {
  expect((await fetch(endpoint.origin)).status).toBe(404)
  const other = await fetch(endpoint.url, { method: 'POST', body: 'grant_type=password' })
  expect(await other.json()).toEqual({ error: 'unsupported_grant_type' })
  const nobody = fetch(`${endpoint.origin}/sign-in`, { method: 'POST', body: 'user=mallory' })
  await expect(nobody).rejects.toThrow(TypeError)
})

test('any page may call', async () => {
  const headers = { origin: 'http://page.test', 'access-control-request-method': 'POST' }
  const preflight = await fetch(endpoint.url, { method: 'OPTIONS', headers })
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([
    204,
    'http://page.test',
  ])
})
