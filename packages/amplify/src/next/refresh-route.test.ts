import { createPolicy, findTokenError, jwtToken, type TokenSource } from '@unexpired/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Browser, makeAuth, pass, refreshes, startPool } from '../../test/next-browser.ts'
import { refreshThroughServer, type ServerAuth } from './index.ts'

const hour = 3600_000

let answer: (request: Request) => Promise<Response>
const real = globalThis.fetch

beforeEach(() => {
  // The browser's address bar, which Node lacks.
  vi.stubGlobal('fetch', (input: string | URL, init?: RequestInit) =>
    String(input).startsWith('/')
      ? answer(new Request(`https://app.example.com${String(input)}`, init))
      : real(input, init),
  )
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const sourceOf = (browser: Browser): TokenSource => ({
  name: 'cookies',
  read() {
    const stored = browser.held('.accessToken')
    return stored === undefined ? undefined : jwtToken(stored)
  },
  refresh: () => Promise.reject(new Error('the browser must not refresh by itself')),
})

const serve = (auth: ServerAuth, browser: Browser): void => {
  answer = async (request) => {
    request.headers.set('cookie', browser.header())
    const response = await auth.refreshRoute(request)
    browser.receive(response)
    return response
  }
}

const policyOf = (browser: Browser): ReturnType<typeof createPolicy> =>
  createPolicy({
    source: refreshThroughServer(sourceOf(browser), '/auth/refresh'),
    origins: ['https://api.example.com'],
    retryBaseMs: 600_000,
    retryMaxMs: 600_000,
  })

test('the server refreshes for the browser, which then has the new cookies', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  serve(makeAuth(pool), browser)
  pass(hour)
  const token = await policyOf(browser).token()
  expect(token.value).toBe(browser.held('.accessToken'))
  expect(token.expiresAt).toBeGreaterThan(Date.now())
  expect(refreshes(pool)).toEqual(['ok'])
})

test('a refresh of the page and a click in it spend one refresh token, not two', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  const auth = makeAuth(pool)
  serve(auth, browser)
  pass(hour)
  const click = browser.visit()
  const [token, clicked] = await Promise.all([
    policyOf(browser).token(),
    auth.policy(click.context).then((policy) => policy.token()),
  ])
  expect(token.value).toBe(clicked.value)
  expect(refreshes(pool)).toEqual(['ok'])
})

test('a browser whose cookies the proxy has just renewed costs no second refresh', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  const auth = makeAuth(pool)
  const policy = policyOf(browser)
  await policy.token()
  pass(hour)
  answer = async (request) => {
    const passing = browser.passing('/auth/refresh')
    const response = await auth.proxy(passing, () => {
      request.headers.set(
        'cookie',
        [...passing.cookies.all].map(([name, value]) => `${name}=${value}`).join('; '),
      )
      return auth.refreshRoute(request)
    })
    browser.receive(response)
    return response
  }
  await policy.token()
  expect(refreshes(pool)).toEqual(['ok'])
})

test('a token that was refused before its end is refreshed', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  serve(makeAuth(pool), browser)
  const policy = policyOf(browser)
  const before = await policy.token()
  pass(2_000)
  expect((await policy.refresh()).value).not.toBe(before.value)
})

test.each([
  ['html', 'bad-answer', 'transient'],
  ['revoked', 'signed-out', 'signed-out'],
])('what the server meets is what the browser is told: %s', async (what, code, kind) => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  serve(makeAuth(pool, { refreshTimeoutMs: 800 }), browser)
  pass(hour)
  if (what === 'html') pool.fail({ operation: 'GetTokensFromRefreshToken', with: { kind: 'html' } })
  else pool.revokeSessions('alice')
  const error = await Promise.resolve(policyOf(browser).token()).catch(findTokenError)
  expect(error).toMatchObject({ code, kind })
  expect(browser.held('.refreshToken') === undefined).toBe(kind === 'signed-out')
})

test('an answer of something else is bad-answer', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  pass(hour)
  answer = async () => new Response('<html>', { status: 404 })
  await expect(policyOf(browser).token()).rejects.toMatchObject({
    code: 'bad-answer',
    message: expect.stringContaining('404'),
  })
})

test.each([
  [{ 'sec-fetch-site': 'cross-site' }, 403],
  [{ origin: 'https://evil.example' }, 403],
  [{ 'sec-fetch-site': 'same-origin' }, 204],
  [{ origin: 'https://app.example.com', host: 'app.example.com' }, 204],
])('a page of %o gets %i', async (headers, status) => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  const request = new Request('https://app.example.com/auth/refresh', {
    method: 'POST',
    body: '0',
    headers: { cookie: browser.header() },
  })
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, value)
  const response = await makeAuth(pool).refreshRoute(request)
  expect(response.status).toBe(status)
  expect(response.headers.getSetCookie()).toEqual([])
})
