import { findTokenError } from '@unexpired/core'
import { describe, expect, test } from 'vitest'
import {
  Browser,
  makeAuth,
  pass,
  refreshes,
  startPool,
  subjectOf,
} from '../../test/next-browser.ts'
import type { NextContext, PagesResponse } from './index.ts'

const hour = 3600_000

const codeOf = async (asked: unknown): Promise<string | undefined> =>
  Promise.resolve(asked).then(
    () => undefined,
    (error: unknown) => findTokenError(error)?.code,
  )

test('a token that is good is used, and nobody is asked', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  const policy = await makeAuth(pool).policy(browser.visit().context)
  expect((await policy.token()).value).toBe(browser.held('.accessToken'))
  expect(refreshes(pool)).toEqual([])
})

test('nobody is signed in: signed-out, and a request goes out without a token', async () => {
  const pool = await startPool()
  const policy = await makeAuth(pool).policy(new Browser(pool).visit().context)
  expect(await codeOf(policy.token())).toBe('signed-out')
  expect(await policy.authorize({ url: 'https://api.example.com/' })).toBeUndefined()
})

test('the id token is sent where it is asked for', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  const policy = await makeAuth(pool, { tokenUse: 'id' }).policy(browser.visit().context)
  expect((await policy.token()).value).toBe(browser.held('.idToken'))
})

test('a user name that is an address finds its cookies', async () => {
  const pool = await startPool({ users: { 'alice@example.com': 'Passw0rd!' } })
  const browser = await new Browser(pool).signIn('alice@example.com')
  pass(hour)
  const visit = browser.visit()
  await (await makeAuth(pool).policy(visit.context)).token()
  visit.arrive()
  expect([...browser.cookies.keys()].filter((name) => name.endsWith('.refreshToken'))).toHaveLength(
    1,
  )
  expect(refreshes(pool)).toEqual(['ok'])
})

describe('a context that can set cookies', () => {
  test('refreshes when the token has ended, and the browser is given the whole new set', async () => {
    const pool = await startPool()
    const browser = await new Browser(pool).signIn('alice')
    const before = new Map(browser.cookies)
    pass(hour)
    const visit = browser.visit()
    const token = await (await makeAuth(pool).policy(visit.context)).token()
    visit.arrive()
    expect(browser.held('.accessToken')).toBe(token.value)
    for (const part of ['.accessToken', '.idToken', '.refreshToken'])
      expect(browser.held(part)).not.toBe([...before].find(([name]) => name.endsWith(part))?.[1])
    expect([...browser.cookies.keys()].toSorted()).toEqual([...before.keys()].toSorted())
    pass(hour)
    await (await makeAuth(pool).policy(browser.visit().context)).token()
    expect(refreshes(pool)).toEqual(['ok', 'ok'])
  })

  test('within a request there is one policy and one refresh, and all see what it gave', async () => {
    const pool = await startPool()
    const browser = await new Browser(pool).signIn('alice')
    pass(hour)
    const auth = makeAuth(pool)
    const { context } = browser.visit()
    const policies = await Promise.all(Array.from({ length: 20 }, () => auth.policy(context)))
    const tokens = await Promise.all(policies.map(async (policy) => (await policy.token()).value))
    expect(new Set(tokens).size).toBe(1)
    expect((await (await auth.policy(context)).token()).value).toBe(tokens[0])
    expect(refreshes(pool)).toEqual(['ok'])
  })

  test('a token that still lasts is not refreshed behind the answer, where its cookies would be lost', async () => {
    const pool = await startPool()
    const browser = await new Browser(pool).signIn('alice')
    pass(hour - 60_000)
    await (await makeAuth(pool).policy(browser.visit().context)).token()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(refreshes(pool)).toEqual([])
  })

  test('a route handler that makes its response first finds the cookies on it', async () => {
    const pool = await startPool()
    const browser = await new Browser(pool).signIn('alice')
    pass(hour)
    const request = new Request('https://app.example.com/', {
      headers: { cookie: browser.header() },
    })
    const response = Response.json({})
    const token = await (await makeAuth(pool).policy({ request, response })).token()
    browser.receive(response)
    expect(browser.held('.accessToken')).toBe(token.value)
    expect(response.headers.getSetCookie().join()).toMatch(
      /Path=\/; Max-Age=31536000; SameSite=lax; Secure/,
    )
  })

  test('getServerSideProps finds the cookies on its response, beside those that were there', async () => {
    const pool = await startPool()
    const browser = await new Browser(pool).signIn('alice')
    pass(hour)
    const headers: Record<string, readonly string[]> = { 'set-cookie': ['theme=dark'] }
    const response: PagesResponse = {
      headersSent: false,
      getHeader: (name) => headers[name],
      setHeader: (name, value) => (headers[name] = value),
    }
    const context = { request: { cookies: Object.fromEntries(browser.cookies) }, response }
    const token = await (await makeAuth(pool).policy(context)).token()
    expect(headers['set-cookie']).toHaveLength(6)
    expect(headers['set-cookie']?.[0]).toBe('theme=dark')
    expect(headers['set-cookie']?.join()).toContain(`.accessToken=${token.value};`)
  })

  test('a second response of the same request gets the cookies as well', async () => {
    const pool = await startPool()
    const browser = await new Browser(pool).signIn('alice')
    pass(hour)
    const auth = makeAuth(pool)
    const request = new Request('https://app.example.com/', {
      headers: { cookie: browser.header() },
    })
    await (await auth.policy({ request, response: new Response() })).token()
    const response = new Response()
    await auth.policy({ request, response })
    expect(response.headers.getSetCookie()).toHaveLength(5)
  })
})

describe('a context that cannot set cookies', () => {
  test('spends no refresh token, and says that the proxy is the remedy', async () => {
    const pool = await startPool()
    const browser = await new Browser(pool).signIn('alice')
    pass(hour)
    const policy = await makeAuth(pool).policy(browser.visit({ isReadOnly: true }).context)
    await expect(policy.token()).rejects.toMatchObject({
      code: 'read-only',
      kind: 'misconfigured',
      message: expect.stringContaining('proxy.ts'),
    })
    expect(refreshes(pool)).toEqual([])
  })

  test.each<[string, () => NextContext]>([
    [
      'a response of fixed headers',
      () => ({
        request: new Request('https://app.example.com/', { headers: { cookie: cookie } }),
        response: Response.redirect('https://app.example.com/'),
      }),
    ],
    [
      'a response that was begun',
      () => ({
        request: { cookies: cookies },
        response: { headersSent: true, getHeader: () => undefined, setHeader: () => undefined },
      }),
    ],
  ])('%s is one', async (_, context) => {
    const pool = await startPool()
    const browser = await new Browser(pool).signIn('alice')
    cookie = browser.header()
    cookies = Object.fromEntries(browser.cookies)
    pass(hour)
    expect(await codeOf((await makeAuth(pool).policy(context())).token())).toBe('read-only')
    expect(refreshes(pool)).toEqual([])
  })
  let cookie = ''
  let cookies: Record<string, string> = {}

  test('uses the token while it lasts, and what another request has just got', async () => {
    const pool = await startPool()
    const browser = await new Browser(pool).signIn('alice')
    const auth = makeAuth(pool)
    const component = browser.visit({ isReadOnly: true })
    expect((await (await auth.policy(component.context)).token()).value).toBe(
      browser.held('.accessToken'),
    )
    pass(hour)
    const refreshed = await (await auth.policy(browser.visit().context)).token()
    const late = browser.visit({ isReadOnly: true })
    expect((await (await auth.policy(late.context)).token()).value).toBe(refreshed.value)
    expect(late.set.size).toBe(0)
    expect(refreshes(pool)).toEqual(['ok'])
  })
})

test('two requests never share a policy, whoever they are of', async () => {
  const pool = await startPool({ users: { alice: 'Passw0rd!', bob: 'Passw0rd!' } })
  const auth = makeAuth(pool)
  const [alice, bob] = [
    await new Browser(pool).signIn('alice'),
    await new Browser(pool).signIn('bob'),
  ]
  const [first, second, third] = await Promise.all([
    auth.policy(alice.visit().context),
    auth.policy(alice.visit().context),
    auth.policy(bob.visit().context),
  ])
  expect(first).not.toBe(second)
  expect(subjectOf((await first.token()).value)).toBe('alice')
  expect(subjectOf((await third.token()).value)).toBe('bob')
})

test('a context of another form, and a configuration without a user pool, are refused', async () => {
  const pool = await startPool()
  const auth = makeAuth(pool)
  await expect(auth.policy({ request: {} } as unknown as NextContext)).rejects.toThrow(
    'The context must be',
  )
  expect(() => makeAuth({ ...pool, amplifyConfig: {} } as never)).toThrow(
    'config must have Auth.Cognito',
  )
})
