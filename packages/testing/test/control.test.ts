import { describe, expect, test } from 'vitest'
import { adapterContract, doNoHarm, failingCases, fetchHarness } from '../src/node/index.ts'
import type { FetchFunction, TestFramework } from '../src/node/index.ts'
import { axiosHarness } from './axios-harness.ts'
import { careless } from './careless-adapters.ts'
import { widespreadPattern } from './widespread-pattern.ts'

test('the widespread interceptor pattern fails these cases and no others', async () => {
  const failing = await failingCases({
    harness: axiosHarness(widespreadPattern),
    capabilities: { timeout: false, ownRetry: false },
  })
  expect(failing).toMatchInlineSnapshot(`
    [
      "a custom header carries the token without a scheme",
      "a fresh token makes no request wait: it leaves in the same turn as without the policy",
      "the caller’s own header wins, in any spelling, and is not replayed",
      "a request that brings its own header does not wait for a refresh",
      "a request that opts out leaves at once without a token, and its refusal stands",
      "with nobody signed in, nothing is sent where the policy forbids it",
      "a stale token is used, and refreshed in the background",
      "many requests with a stale token start one refresh",
      "a refresh that fails in the background harms no request",
      "a source that hangs or throws in the background harms no request",
      "twenty requests with an expired token share one refresh",
      "two clients on one policy share one refresh",
      "twenty refused requests share one refresh",
      "a late refusal of an old token is replayed with the current one, without a refresh",
      "a server that refuses every token does not cost a refresh each time",
      "insufficient_scope is not cured by a new token",
      "insufficient_user_authentication is not cured by a new token",
      "a stream is sent once: the caller gets the refusal, and the next request has a new token",
      "an abort ends the wait at once, in the form that the client gives aborts, and nothing is sent",
      "after an abort the session is whole, and the next request goes well",
      "an abort is personal: the others get their token, from the same refresh",
      "a signal that is aborted already sends nothing and refreshes nothing",
      "an abort after a refusal, while the refresh is awaited, ends the request without a replay",
      "one signal for many requests is left without listeners",
      "a source that never answers fails all who wait at the deadline, and the next refresh works",
      "a source that throws at once fails who waits, and the next refresh works",
      "a source that rejects with anything fails who waits, and the next refresh works",
      "a store that cannot be read fails who has no token, and nobody once it is mended",
      "a sign-out ends the wait, and the refresh that lands later signs nobody back in",
      "a request that is refused after a sign-out is not replayed",
      "alice’s request that waits is not sent once bob is signed in, neither as alice nor as bob",
      "alice’s refused request is never replayed as bob",
      "alice’s refused request that waits for a refresh is not replayed once bob is signed in",
      "when the session has ended, who waits is told why, and nothing is sent",
      "a disposed policy fails who waits and who comes",
      "a client whose base URL is elsewhere sends no token, and its refusals stand",
      "a request to elsewhere does not wait for a refresh",
      "an absolute URL elsewhere gets no token, whatever the base URL",
      "another name of the same server is another origin",
      "a refusal from where a redirect led is not ours: no refresh, no replay",
      "a custom header is not carried along by a redirect either",
      "not-newer is found in what the client throws, before sending",
      "bad-token is found in what the client throws, before sending",
      "not-newer is found in what the client throws, after a refusal",
      "bad-token is found in what the client throws, after a refusal",
      "a lost answer with strict rotation ends the session, and every request is told so",
      "the server’s second refusal shows no token in its JSON, its message and its stack",
    ]
  `)
}, 120_000)

interface Registered {
  readonly name: string
  readonly body: () => Promise<void>
}

const registered = (register: (framework: TestFramework) => void): Registered[] => {
  const tests: Registered[] = []
  register({ describe: (_, body) => body(), test: (name, body) => tests.push({ name, body }) })
  return tests
}

const harness = fetchHarness((send) => send)
const namesOfCases = registered((framework) => adapterContract({ ...framework, harness })).map(
  ({ name }) => name,
)

test('every case fails under at least one careless adapter', async () => {
  const failing = await Promise.all(
    Object.values(careless).map((adapter) => failingCases({ harness: fetchHarness(adapter) })),
  )
  expect(namesOfCases.filter((name) => !failing.flat().includes(name))).toEqual([])
}, 60_000)

test('no two cases have one name', () => {
  expect(namesOfCases.length).toBeGreaterThan(90)
  expect(new Set(namesOfCases).size).toBe(namesOfCases.length)
})

describe('doing no harm', () => {
  const harmed = async (adapter: (send: FetchFunction) => FetchFunction) => {
    const tests = registered((framework) =>
      doNoHarm({ ...framework, harness: fetchHarness(adapter) }),
    )
    const failing: string[] = []
    for (const { name, body } of tests) await body().catch(() => failing.push(name))
    return { failing, tests }
  }

  test('a client is not harmed by nothing', async () => {
    expect(
      (
        await harmed(
          (send) =>
            (...call) =>
              send(...call),
        )
      ).failing,
    ).toEqual([])
  }, 20_000)

  test('each request is harmed by an adapter that leaves a trace, or by one that wraps what is thrown', async () => {
    const traced = await harmed((send) => (input, init) => {
      const headers = new Headers(init?.headers)
      headers.set('x-trace', '1')
      return send(input, { ...init, headers })
    })
    const wrapped = await harmed(
      (send) => (input, init) =>
        send(input, init).catch((error: unknown) => {
          throw new TypeError('It failed.', { cause: error })
        }),
    )
    const names = traced.tests.map(({ name }) => name)
    const failing = [...traced.failing, ...wrapped.failing]
    expect(names.filter((name) => !failing.includes(name))).toEqual([])
    expect(wrapped.failing).toContain('an abort before it starts goes as without us')
    expect(wrapped.failing).not.toContain('no headers goes as without us')
  }, 20_000)
})
