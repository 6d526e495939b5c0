import { describe, expect, test } from 'vitest'
import { adapterContract, doNoHarm, failingCases, fetchHarness } from '../src/node/index.ts'
import type { FetchFunction } from '../src/node/index.ts'
import { axiosCapabilities, axiosHarness } from './axios-harness.ts'
import { careless } from './careless-adapters.ts'
import { knownToFail } from './known-to-fail.ts'
import { withAuth } from './reference-adapter.ts'
import { registered } from './registered.ts'
import { widespreadPattern } from './widespread-pattern.ts'

test('the widespread interceptor pattern fails these cases and no others', async () => {
  const failing = await failingCases({
    harness: axiosHarness(widespreadPattern),
    capabilities: axiosCapabilities,
  })
  expect(failing).toEqual(knownToFail)
}, 120_000)

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

test('the case that needs an observed transport is left out where there is none', async () => {
  const { createObserved, ...plain } = fetchHarness(withAuth)
  const cases = registered((framework) => adapterContract({ ...framework, harness: plain }))
  expect(createObserved).toBeDefined()
  expect(cases).toHaveLength(namesOfCases.length - 1)
  await cases[0]!.body()
})

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
