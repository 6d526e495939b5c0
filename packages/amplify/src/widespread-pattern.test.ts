/**
 * The pattern that this package takes the place of: look at `exp` in an interceptor, and force a
 * refresh within five minutes of it. It runs here on the same work, as a control that must fail.
 */
import { platform } from '@unexpired/core'
import { fetchAuthSession, signOut } from 'aws-amplify/auth'
import { expect, test } from 'vitest'
import {
  breakRefresh,
  makePolicy,
  pass,
  refreshes,
  signInAs,
  soon,
  SlowStorage,
  startPool,
  storedUser,
  useStorage,
} from '../test/emulated-pool.ts'

const widespread = async (): Promise<string> => {
  let { tokens } = await fetchAuthSession()
  const exp = tokens?.accessToken.payload.exp ?? 0
  if (exp * 1000 - Date.now() <= 300_000)
    ({ tokens } = await fetchAuthSession({ forceRefresh: true }))
  if (!tokens) throw new Error('signed out')
  return tokens.accessToken.toString()
}

/** Runs it with the pattern and with a policy. */
const ways = [
  { name: 'the widespread pattern', isOurs: false },
  { name: 'the policy', isOurs: true },
]

const tokenOf = (isOurs: boolean): (() => Promise<string>) => {
  if (!isOurs) return widespread
  const policy = makePolicy({ runtime: platform })
  return async () => (await policy.token()).value
}

const isSent = (attempt: Promise<string>): Promise<boolean> =>
  attempt.then(
    () => true,
    () => false,
  )

const failures = async (attempts: Promise<boolean>[]): Promise<number> =>
  (await Promise.all(attempts)).filter((sent) => !sent).length

test.each(ways)('50 requests in a row with tokens of 300 s: $name', async ({ isOurs }) => {
  const pool = await startPool({ accessTokenSeconds: 300, idTokenSeconds: 300 })
  await signInAs('alice')
  const token = tokenOf(isOurs)
  for (let request = 0; request < 50; request++) await token()
  expect(refreshes(pool)).toBe(isOurs ? 0 : 50)
})

test.each(ways)(
  '20 requests 5 ms apart, slow storage, rotation without grace: $name',
  async ({ isOurs }) => {
    const pool = await startPool({ rotation: true })
    useStorage(new SlowStorage(3))
    await signInAs('alice')
    pass(3600_000)
    const token = tokenOf(isOurs)
    const attempts: Promise<boolean>[] = []
    for (let request = 0; request < 20; request++) {
      attempts.push(isSent(token()))
      await soon(5)
    }
    const failed = await failures(attempts)
    const reused = pool.log.some(({ outcome }) => outcome === 'RefreshTokenReuseException')
    const isOne = refreshes(pool) === 1
    expect({ hasFailed: failed > 0, reused, isOne, user: await storedUser() }).toEqual(
      isOurs
        ? { hasFailed: false, reused: false, isOne: true, user: 'alice' }
        : { hasFailed: true, reused: true, isOne: false, user: undefined },
    )
  },
)

test.each(ways)(
  '10 requests, Cognito down, the token good for 4 minutes: $name',
  async ({ isOurs }) => {
    const pool = await startPool()
    await signInAs('alice')
    pass(3360_000)
    breakRefresh(pool, { kind: 'status', status: 503 })
    const token = tokenOf(isOurs)
    const attempts = Array.from({ length: 10 }, () => isSent(token()))
    expect(await failures(attempts)).toBe(isOurs ? 0 : 10)
  },
)

test.each(ways)(
  '20 requests to a server whose clock is an hour behind: $name',
  async ({ isOurs }) => {
    const pool = await startPool({ clockOffsetSeconds: -3600 })
    await signInAs('alice')
    const token = tokenOf(isOurs)
    for (let request = 0; request < 20; request++) await token()
    expect(refreshes(pool)).toBe(isOurs ? 0 : 20)
  },
)

test.each(ways)(
  'a token inside the last five minutes, the server an hour ahead: $name',
  async ({ isOurs }) => {
    const pool = await startPool({ clockOffsetSeconds: 3600 })
    await signInAs('alice')
    pass(3480_000)
    await tokenOf(isOurs)()
    await expect.poll(() => refreshes(pool)).toBe(isOurs ? 1 : 0)
  },
)

test.each(ways)('a sign-out during a refresh: $name', async ({ isOurs }) => {
  const pool = await startPool()
  await signInAs('alice')
  pass(3400_000)
  const token = tokenOf(isOurs)
  breakRefresh(pool, { kind: 'delay', delayMs: 150, afterWork: true })
  const sent = isSent(token())
  await soon(50)
  await signOut()
  await sent
  await soon(200)
  expect(await storedUser()).toBe(isOurs ? undefined : 'alice')
})

test.each(ways)('bob signs in during the refresh of alice: $name', async ({ isOurs }) => {
  const pool = await startPool()
  await signInAs('alice')
  pass(3400_000)
  const token = tokenOf(isOurs)
  breakRefresh(pool, { kind: 'delay', delayMs: 400, afterWork: true }, 1)
  const sent = isSent(token())
  await soon(50)
  await signOut()
  await signInAs('bob')
  await sent
  await expect
    .poll(() => pool.log.some(({ fault, answer }) => fault && answer === 'sent'))
    .toBe(true)
  await soon(50)
  expect(await storedUser()).toBe(isOurs ? 'bob' : 'alice')
})

test.each(ways)('Cognito never answers, and then it would: $name', async ({ isOurs }) => {
  const pool = await startPool()
  await signInAs('alice')
  pass(3700_000)
  const policy = makePolicy({ refreshTimeoutMs: 150, retryBaseMs: 1 })
  const token = isOurs ? async () => (await policy.token()).value : widespread
  const fault = pool.fail({ with: { kind: 'no-answer' } })
  const first = isSent(token())
  await soon(250)
  fault.clear()
  const outcomes = Promise.all([first, isSent(token())])
  expect(await Promise.race([outcomes, soon(800)])).toEqual(isOurs ? [false, true] : undefined)
  expect(refreshes(pool)).toBe(isOurs ? 2 : 1)
})
