/** What happens to many requests at once; beside it, as a control, what Amplify's adapter does with its cookies. */
import { inspect } from 'node:util'
import { findTokenError, type TokenError } from '@unexpired/core'
import type { UserPool } from '@unexpired/cognito-emulator'
import {
  createKeyValueStorageFromCookieStorageAdapter,
  createUserPoolsTokenProvider,
} from 'aws-amplify/adapter-core'
import { describe, expect, test } from 'vitest'
import type { ServerAuth } from './index.ts'
import {
  Browser,
  makeAuth,
  pass,
  refreshes,
  startPool,
  subjectOf,
  type Visit,
} from '../../test/next-browser.ts'

const hour = 3600_000
const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The error that a policy meets for this visit. */
const errorOf = async (auth: ServerAuth, { context }: Visit): Promise<TokenError | undefined> => {
  const policy = await auth.policy(context)
  return Promise.resolve(policy.token()).then(() => undefined, findTokenError)
}

/** What `@aws-amplify/adapter-nextjs` makes of a request. */
const plainToken = async (pool: UserPool, { context }: Visit): Promise<string | undefined> => {
  if (!('cookies' in context)) throw new Error('not a context of next/headers')
  const store = await context.cookies()
  const storage = createKeyValueStorageFromCookieStorageAdapter({
    get: (name) => store.get(encodeURIComponent(name)) as never,
    getAll: () => [],
    set: (name, value) => void store.set(encodeURIComponent(name), value, {}),
    delete: (name) => void store.set(encodeURIComponent(name), '', {}),
  })
  const provider = createUserPoolsTokenProvider(pool.amplifyConfig.Auth, storage)
  return (await provider.getTokens())?.accessToken.toString()
}

describe('a page with twenty fetches and cookies that have ended, with rotation and no grace', () => {
  const run = async (isOurs: boolean): Promise<object> => {
    const pool = await startPool()
    const browser = await new Browser(pool).signIn('alice')
    pass(hour)
    const auth = makeAuth(pool)
    const visits = Array.from({ length: 20 }, () => browser.visit())
    const answers = await Promise.all(
      visits.map(async (visit) => {
        try {
          return isOurs
            ? (await (await auth.policy(visit.context)).token()).value
            : await plainToken(pool, visit)
        } catch {
          return undefined
        }
      }),
    )
    for (const { arrive } of visits) arrive()
    const deletions = visits.filter(({ set }) =>
      [...set].some(([name, value]) => name.endsWith('.refreshToken') && value === ''),
    )
    return {
      refreshes: refreshes(pool).length,
      served: answers.filter(Boolean).length,
      deletions: deletions.length,
      isSignedIn: browser.held('.refreshToken') !== undefined,
    }
  }

  test('cost one refresh, and all are served', async () => {
    expect(await run(true)).toEqual({ refreshes: 1, served: 20, deletions: 0, isSignedIn: true })
  })

  test('with the adapter alone one is served, and nineteen sign the user out', async () => {
    expect(await run(false)).toEqual({ refreshes: 20, served: 1, deletions: 19, isSignedIn: false })
  })
})

test('200 requests of 20 users, with latency and faults: each answer belongs to its user', async () => {
  const users = Array.from({ length: 20 }, (_, index) => `user${index}`)
  const pool = await startPool({
    users: Object.fromEntries(users.map((name) => [name, 'Passw0rd!'])),
  })
  const browsers = await Promise.all(users.map((name) => new Browser(pool).signIn(name)))
  pass(hour)
  const operation = 'GetTokensFromRefreshToken'
  pool.fail({ operation, times: 6, with: { kind: 'delay', delayMs: 120 } })
  pool.fail({ operation, times: 5, with: { kind: 'status', status: 503 } })
  pool.fail({ operation, times: 4, with: { kind: 'html' } })
  pool.fail({ operation, times: 4, with: { kind: 'drop' } })
  const auth = makeAuth(pool)
  const requests = users.flatMap((user, index) =>
    Array.from({ length: 10 }, () => ({ user, browser: browsers[index]! })),
  )
  const answers = await Promise.all(
    requests.map(async ({ user, browser }, index) => {
      await soon((index * 37) % 150)
      const visit = browser.visit({ isReadOnly: index % 7 === 0 })
      const policy = await auth.policy(visit.context)
      await soon(index % 5)
      try {
        const { value } = await policy.token()
        const header = await policy.authorize({ url: 'https://api.example.com/' })
        visit.arrive()
        return { user, got: subjectOf(value), sent: header?.value === `Bearer ${value}` }
      } catch (error) {
        return { user, code: findTokenError(error)?.code }
      }
    }),
  )
  const served = answers.filter((answer) => 'got' in answer)
  expect(served.filter(({ user, got, sent }) => user !== got || !sent)).toEqual([])
  expect(served.length).toBeGreaterThan(120)
  const excused = /^(read-only|server-error|bad-answer|offline|timeout)$/
  expect(answers.filter((answer) => 'code' in answer && !excused.test(`${answer.code}`))).toEqual(
    [],
  )
  // Nobody lost the session.
  expect(pool.log.filter(({ outcome }) => outcome === 'RefreshTokenReuseException')).toEqual([])
  for (const [index, browser] of browsers.entries()) {
    expect(subjectOf(browser.held('.accessToken') ?? '')).toBe(users[index])
    const policy = await auth.policy(browser.visit().context)
    expect(subjectOf((await policy.token()).value)).toBe(users[index])
  }
}, 60_000)

test('a policy that is kept at module level is the leak that this test would see', async () => {
  const pool = await startPool({ users: { alice: 'Passw0rd!', bob: 'Passw0rd!' } })
  const auth = makeAuth(pool)
  const kept = await auth.policy((await new Browser(pool).signIn('alice')).visit().context)
  await new Browser(pool).signIn('bob')
  expect(subjectOf((await kept.token()).value)).not.toBe('bob')
})

test('where all requests meet, there is no refresh token', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  const spent = browser.held('.refreshToken')!
  pass(hour)
  const visit = browser.visit()
  await (await makeAuth(pool).policy(visit.context)).token()
  const shared = Reflect.get(globalThis, Symbol.for('@unexpired/amplify/next')) as Map<
    string,
    object
  >
  expect(shared.size).toBeGreaterThan(0)
  const text = JSON.stringify([...shared]) + inspect(shared, { depth: 9 })
  for (const secret of [spent, ...visit.set.values()].filter(({ length }) => length > 40))
    expect(text).not.toContain(secret)
})

test('what a refresh gave is handed out for a short while, and no longer', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  const auth = makeAuth(pool, { adoptMs: 100 })
  pass(hour)
  const [first, late, tooLate] = [browser.visit(), browser.visit(), browser.visit()]
  const token = await (await auth.policy(first.context)).token()
  expect((await (await auth.policy(late.context)).token()).value).toBe(token.value)
  // It has the cookies as well: the answer to the first may never have arrived.
  expect(Object.fromEntries(late.set)).toEqual(Object.fromEntries(first.set))
  await soon(150)
  await expect((await auth.policy(tooLate.context)).token()).rejects.toMatchObject({
    code: 'token-reused',
  })
})

test('a refresh token that somebody else has spent takes no cookies away', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  const elsewhere = new Browser(pool)
  for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value)
  pass(hour)
  const other = makeAuth(pool, { adoptMs: 1 })
  await (await other.policy(elsewhere.visit().context)).token()
  await soon(20)
  const visit = browser.visit()
  await expect((await makeAuth(pool).policy(visit.context)).token()).rejects.toMatchObject({
    code: 'token-reused',
  })
  visit.arrive()
  expect(browser.held('.refreshToken')).toBeDefined()
})

test('a session that is over is ended in the browser, and Cognito is asked once for it', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  pool.revokeSessions('alice')
  pass(hour)
  const auth = makeAuth(pool)
  const visits = Array.from({ length: 10 }, () => browser.visit())
  const kinds = await Promise.all(visits.map(async (visit) => (await errorOf(auth, visit))?.kind))
  expect(new Set(kinds)).toEqual(new Set(['signed-out']))
  expect(refreshes(pool)).toHaveLength(1)
  visits[0]!.arrive()
  expect([...browser.cookies.keys()]).toEqual([])
})

describe('while Cognito is down', () => {
  test('nothing is deleted, all hear the same within their time, and Cognito is not hammered', async () => {
    const pool = await startPool()
    const browser = await new Browser(pool).signIn('alice')
    pass(hour)
    pool.fail({ operation: 'GetTokensFromRefreshToken', with: { kind: 'html' } })
    const auth = makeAuth(pool, { refreshTimeoutMs: 1_500 })
    const visits = Array.from({ length: 10 }, () => browser.visit())
    const kinds = await Promise.all(visits.map(async (visit) => (await errorOf(auth, visit))?.kind))
    expect(new Set(kinds)).toEqual(new Set(['transient']))
    expect(refreshes(pool).length).toBeLessThan(6)
    for (const { arrive } of visits) arrive()
    expect(browser.held('.refreshToken')).toBeDefined()
    pool.clearFaults()
    await soon(1_100)
    await expect((await auth.policy(browser.visit().context)).token()).resolves.toBeDefined()
  })

  test('a token that still lasts is used', async () => {
    const pool = await startPool()
    const browser = await new Browser(pool).signIn('alice')
    pass(hour - 60_000)
    pool.fail({ operation: 'GetTokensFromRefreshToken', with: { kind: 'drop' } })
    await expect(
      (await makeAuth(pool).policy(browser.visit().context)).token(),
    ).resolves.toBeDefined()
  })
})
