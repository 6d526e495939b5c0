import { findTokenError } from '@unexpired/core'
import { expect, test } from 'vitest'
import { Browser, makeAuth, pass, refreshes, startPool } from '../../test/next-browser.ts'

const hour = 3600_000

const respond = (): Response =>
  new Response(null, { headers: { 'x-other': 'kept', 'set-cookie': 'theme=dark' } })

test('refreshes when the token has ended: the page and the browser get the same new cookies', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  const before = browser.held('.refreshToken')
  pass(hour)
  const request = browser.passing('/dashboard')
  let atRespond: string | undefined
  const response = await makeAuth(pool).proxy(request, () => {
    atRespond = [...request.cookies.all].find(([name]) => name.endsWith('.refreshToken'))?.[1]
    return respond()
  })
  browser.receive(response)
  expect(atRespond).not.toBe(before)
  expect(browser.held('.refreshToken')).toBe(atRespond)
  expect(response.headers.get('x-other')).toBe('kept')
  expect(browser.held('theme')).toBe('dark')
  expect(refreshes(pool)).toEqual(['ok'])
})

test('refreshes within the buffer, so that a page has a good while', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  const auth = makeAuth(pool)
  await auth.proxy(browser.passing('/'), respond)
  expect(refreshes(pool)).toEqual([])
  pass(hour - 200_000)
  await auth.proxy(browser.passing('/'), respond)
  expect(refreshes(pool)).toEqual(['ok'])
})

test.each(['/_next/static/chunks/a.js', '/_next/image', '/logo.svg', '/favicon.ico'])(
  'lets %s pass',
  async (path) => {
    const pool = await startPool()
    const browser = await new Browser(pool).signIn('alice')
    pass(hour)
    const response = respond()
    expect(await makeAuth(pool).proxy(browser.passing(path), () => response)).toBe(response)
    expect(response.headers.getSetCookie()).toEqual(['theme=dark'])
    expect(refreshes(pool)).toEqual([])
  },
)

test('lets what a page loads by a tag pass, but no data of a page', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  pass(hour)
  const auth = makeAuth(pool)
  await auth.proxy(browser.passing('/avatar', { 'sec-fetch-dest': 'image' }), respond)
  expect(refreshes(pool)).toEqual([])
  await auth.proxy(
    browser.passing('/_next/data/build/index.json', { 'sec-fetch-dest': 'empty' }),
    respond,
  )
  expect(refreshes(pool)).toEqual(['ok'])
})

test('lets a request of nobody pass untouched', async () => {
  const pool = await startPool()
  const browser = new Browser(pool)
  browser.cookies.set('theme', 'light')
  const request = browser.passing('/')
  const response = respond()
  expect(await makeAuth(pool).proxy(request, () => response)).toBe(response)
  expect(response.headers.getSetCookie()).toEqual(['theme=dark'])
  expect([...request.cookies.all]).toEqual([['theme', 'light']])
})

test('twenty requests at once cost one refresh, and all go on with its cookies', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  pass(hour)
  const auth = makeAuth(pool)
  const requests = Array.from({ length: 20 }, () => browser.passing('/'))
  const responses = await Promise.all(requests.map((request) => auth.proxy(request, respond)))
  expect(refreshes(pool)).toEqual(['ok'])
  expect(new Set(requests.map(({ cookies }) => JSON.stringify([...cookies.all]))).size).toBe(1)
  for (const response of responses)
    expect(response.headers.getSetCookie().join()).toContain('.refreshToken=')
})

test('an outage takes no cookie away, and the page behind hears of it', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  pass(hour)
  pool.fail({ operation: 'GetTokensFromRefreshToken', with: { kind: 'html' } })
  const auth = makeAuth(pool, { refreshTimeoutMs: 800 })
  const request = browser.passing('/')
  const response = await auth.proxy(request, respond)
  expect(response.headers.getSetCookie()).toEqual(['theme=dark'])
  const behind = new Browser(pool)
  for (const [name, value] of request.cookies.all) behind.cookies.set(name, value)
  const policy = await auth.policy(behind.visit({ isReadOnly: true }).context)
  const asked = Date.now()
  const error = await Promise.resolve(policy.token()).catch(findTokenError)
  // Whoever waits has waited in the proxy already.
  expect(Date.now() - asked).toBeLessThan(500)
  expect(error).toMatchObject({ code: 'bad-answer', kind: 'transient' })
  expect((error as { retryAt: number }).retryAt).toBeGreaterThan(Date.now())
})

test("an outage within the buffer is nobody's affair", async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  pass(hour - 60_000)
  pool.fail({ operation: 'GetTokensFromRefreshToken', with: { kind: 'html' } })
  const request = browser.passing('/')
  await makeAuth(pool, { refreshTimeoutMs: 800 }).proxy(request, respond)
  expect([...request.cookies.all]).toEqual([...browser.cookies])
})

test('a session that is over is taken out of the request and out of the browser', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  pool.revokeSessions('alice')
  pass(hour)
  const request = browser.passing('/')
  browser.receive(await makeAuth(pool).proxy(request, respond))
  expect([...request.cookies.all]).toEqual([])
  expect([...browser.cookies.keys()]).toEqual(['theme'])
})

test.each(['offline.99999999999999', 'no-such-code.1', 'read-only'])(
  'what a browser says of the proxy is not believed: %s',
  async (lie) => {
    const pool = await startPool()
    const browser = await new Browser(pool).signIn('alice')
    browser.cookies.set('unexpired-failure', lie)
    pass(hour)
    const auth = makeAuth(pool)
    const request = browser.passing('/')
    await auth.proxy(request, respond)
    expect(request.cookies.all.has('unexpired-failure')).toBe(false)
    expect(refreshes(pool)).toEqual(['ok'])
  },
)
