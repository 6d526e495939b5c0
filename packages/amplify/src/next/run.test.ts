import {
  createKeyValueStorageFromCookieStorageAdapter,
  createUserPoolsTokenProvider,
  runWithAmplifyServerContext,
} from 'aws-amplify/adapter-core'
import { fetchAuthSession, getCurrentUser } from 'aws-amplify/auth/server'
import { parseAmplifyConfig } from 'aws-amplify/utils'
import type { UserPool } from '@unexpired/cognito-emulator'
import { afterEach, expect, test, vi } from 'vitest'
import { Browser, makeAuth, pass, refreshes, startPool } from '../../test/next-browser.ts'
import type { CookieStore, ServerAuth } from './index.ts'

const hour = 3600_000

afterEach(() => vi.unstubAllGlobals())

/** The part of Amplify's adapter for Next.js that reads cookies; what it adds is the check of signatures. */
const makeRunning = (pool: UserPool): ServerAuth => {
  const config = parseAmplifyConfig(pool.amplifyConfig)
  return makeAuth(pool, {
    runWithAmplifyServerContext: async ({ nextServerContext, operation }) => {
      const { cookies } = nextServerContext as { cookies: () => Promise<CookieStore> }
      const storage = createKeyValueStorageFromCookieStorageAdapter((await cookies()) as never)
      const tokenProvider = createUserPoolsTokenProvider(config.Auth!, storage)
      // oxlint-disable-next-line typescript/no-deprecated -- the oldest Amplify that is promised has nothing else
      return runWithAmplifyServerContext(config, { Auth: { tokenProvider } }, operation)
    },
  })
}

/** What the address of the pool's keys answers, wherever it is: nobody in a test asks AWS. */
const answerForKeys = (answer: () => Promise<Response>): { readonly asked: string[] } => {
  const asked: string[] = []
  const real = globalThis.fetch
  vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) => {
    const url = input instanceof Request ? input.url : String(input)
    if (new URL(url).hostname === '127.0.0.1') return real(input, init)
    asked.push(url)
    return answer()
  })
  return { asked }
}

test.each<[string, () => Promise<Response>]>([
  ['does not connect', () => Promise.reject(new TypeError('fetch failed'))],
  ['answers 503', async () => new Response('', { status: 503 })],
])('the address of the keys %s: offline, and no sign-out', async (_, answer) => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  answerForKeys(answer)
  const visit = browser.visit()
  const operation = vi.fn<() => void>()
  await expect(makeRunning(pool).run(visit.context, operation)).rejects.toMatchObject({
    code: 'offline',
    kind: 'offline',
  })
  expect(operation).not.toHaveBeenCalled()
  expect([...visit.set]).toEqual([])
  // Tokens for requests do not need the keys.
  const policy = await makeRunning(pool).policy(browser.visit().context)
  expect((await policy.token()).value).toBe(browser.held('.accessToken'))
})

test('it answers again: Amplify knows who is signed in, and it is asked once for each pool', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  const auth = makeRunning(pool)
  const down = answerForKeys(() => Promise.reject(new TypeError('fetch failed')))
  await auth.run(browser.visit().context, getCurrentUser).catch(() => {})
  const up = answerForKeys(async () => Response.json({ keys: [] }))
  for (let n = 0; n < 3; n++)
    expect(await auth.run(browser.visit().context, getCurrentUser)).toMatchObject({
      username: 'alice',
    })
  expect([down.asked.length, up.asked.length]).toEqual([1, 1])
  expect(up.asked[0]).toMatch(/^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com\/.+\/jwks\.json$/)
})

test('Amplify sees the tokens of now, and there was one refresh for all', async () => {
  const pool = await startPool()
  const browser = await new Browser(pool).signIn('alice')
  answerForKeys(async () => Response.json({ keys: [] }))
  pass(hour)
  const visit = browser.visit()
  const session = await makeRunning(pool).run(visit.context, (amplify) => fetchAuthSession(amplify))
  visit.arrive()
  expect(session.tokens?.accessToken.toString()).toBe(browser.held('.accessToken'))
  expect(refreshes(pool)).toEqual(['ok'])
})

test('nobody is signed in: Amplify says so', async () => {
  const pool = await startPool()
  answerForKeys(async () => Response.json({ keys: [] }))
  const asked = makeRunning(pool).run(new Browser(pool).visit().context, getCurrentUser)
  await expect(asked).rejects.toMatchObject({ name: 'UserUnAuthenticatedException' })
})
