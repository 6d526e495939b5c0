/** Each of the server's contexts, by plain requests with the cookies of a browser. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { appUrl, soon, startServer, type Server } from './server.ts'

const lifetimeMs = 6_000

let server: Server
let cookies: Map<string, string>

beforeAll(async () => {
  server = await startServer(lifetimeMs / 1000)
})
afterAll(() => server?.close())

const signIn = async (user: string): Promise<Map<string, string>> => {
  const { pool } = server.backend
  const response = await fetch(pool.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
    },
    body: JSON.stringify({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: pool.clientId,
      AuthParameters: { USERNAME: user, PASSWORD: 'secret' },
    }),
  })
  const { AuthenticationResult: result } = (await response.json()) as {
    AuthenticationResult: { AccessToken: string; IdToken: string; RefreshToken: string }
  }
  const client = `CognitoIdentityServiceProvider.${pool.clientId}`
  return new Map([
    [`${client}.LastAuthUser`, user],
    [`${client}.${user}.accessToken`, result.AccessToken],
    [`${client}.${user}.idToken`, result.IdToken],
    [`${client}.${user}.refreshToken`, result.RefreshToken],
    [`${client}.${user}.clockDrift`, '0'],
  ])
}

beforeEach(async () => {
  server.backend.pool.clearFaults()
  cookies = await signIn('alice')
  server.backend.pool.clearLog()
})

const send = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(appUrl + path, {
    redirect: 'manual',
    ...init,
    headers: {
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...init.headers,
    },
  })

const keep = (response: Response): void => {
  for (const cookie of response.headers.getSetCookie()) {
    const [pair = ''] = cookie.split(';')
    const [name = '', value] = pair.split('=')
    if (value) cookies.set(name, value)
    else cookies.delete(name)
  }
}

const refreshes = (): string[] =>
  server.backend.pool.log
    .filter(({ operation }) => operation === 'GetTokensFromRefreshToken')
    .map(({ outcome }) => outcome)

test.each([
  ['a server component', '/dashboard', /rendered with order (<!-- -->)?\d+/],
  ['a route handler', '/report', /"ok":true/],
  ['the Pages Router', '/legacy', /rendered with order (<!-- -->)?\d+/],
])('%s is served after an expiry, behind the proxy', async (_, path, answer) => {
  await soon(lifetimeMs)
  const response = await send(path)
  expect(await response.text()).toMatch(answer)
  keep(response)
  expect(refreshes()).toEqual(['ok'])
  // The browser has got what is needed to go on, and what it has got last is what is good.
  await soon(lifetimeMs)
  expect(await (await send(path)).text()).toMatch(answer)
  expect(refreshes()).toEqual(['ok', 'ok'])
})

test('a page with twenty fetches costs one refresh, and none is refused', async () => {
  await soon(lifetimeMs)
  const responses = await Promise.all(Array.from({ length: 20 }, () => send('/report')))
  const answers = await Promise.all(responses.map((response) => response.json()))
  expect(answers.filter((answer) => (answer as { ok: boolean }).ok)).toHaveLength(20)
  expect(refreshes()).toEqual(['ok'])
})

test('the refresh route refreshes once for a browser, though the proxy comes first', async () => {
  await soon(lifetimeMs)
  const response = await send('/auth/refresh', { method: 'POST', body: '0' })
  expect([response.status, await response.text()]).toEqual([204, ''])
  keep(response)
  expect(refreshes()).toEqual(['ok'])
  expect(await (await send('/report')).json()).toMatchObject({ ok: true })
})

test('another user is another user', async () => {
  const alice = cookies
  const bob = await signIn('bob')
  await soon(lifetimeMs)
  const order = async (of: Map<string, string>): Promise<unknown> => {
    cookies = of
    return ((await (await send('/report')).json()) as { order: { user: string } }).order.user
  }
  const seen = await Promise.all(
    Array.from({ length: 20 }, (_, index) => order(index % 2 ? bob : alice)),
  )
  expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => (index % 2 ? 'bob' : 'alice')))
})

test('Cognito is down: pages say so, no cookie is taken away', async () => {
  server.backend.pool.fail({
    operation: 'GetTokensFromRefreshToken',
    with: { kind: 'status', status: 503, body: '{}' },
  })
  await soon(lifetimeMs)
  const response = await send('/dashboard')
  expect(await response.text()).toContain('Something is slow on our side')
  expect(response.headers.getSetCookie().filter((cookie) => cookie.includes('Token='))).toEqual([])
})

test('a session that is over is taken out of the browser', async () => {
  server.backend.pool.revokeSessions('alice')
  await soon(lifetimeMs)
  const response = await send('/dashboard')
  expect([response.status, response.headers.get('location')]).toEqual([
    307,
    '/sign-in?from=/dashboard',
  ])
  keep(response)
  expect([...cookies.keys()]).toEqual([])
})

test('assets and pages of nobody pass untouched', async () => {
  cookies = new Map([['theme', 'dark']])
  const response = await send('/')
  expect(response.status).toBe(200)
  expect(response.headers.getSetCookie()).toEqual([])
})
