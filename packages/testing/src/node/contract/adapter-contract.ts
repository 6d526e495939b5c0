import { attaching } from './cases/attaching.ts'
import { bodies } from './cases/bodies.ts'
import { failures } from './cases/failures.ts'
import { leftovers } from './cases/leftovers.ts'
import { origins } from './cases/origins.ts'
import { refreshing } from './cases/refreshing.ts'
import { refusals } from './cases/refusals.ts'
import { sessions } from './cases/sessions.ts'
import { waiting } from './cases/waiting.ts'
import type { CaseGroup, ContractCase } from './contract-case.ts'
import { everything } from './harness.ts'
import type { AdapterCapabilities, AdapterHarness } from './harness.ts'
import { createWorld } from './world.ts'

/** The two functions of a test framework that the suites need; those of vitest and of node:test fit. */
export interface TestFramework {
  /** Groups tests. */
  readonly describe: (name: string, body: () => void) => unknown
  /** Registers a test that fails when its body rejects. */
  readonly test: (name: string, body: () => Promise<void>) => unknown
}

/** One client and what it can do. */
export interface ContractOptions<Client extends object> {
  /** How the client is driven. */
  readonly harness: AdapterHarness<Client>
  /** What the client cannot do; everything else is expected. */
  readonly capabilities?: Partial<AdapterCapabilities> | undefined
}

const groups: readonly CaseGroup[] = [
  attaching,
  refreshing,
  refusals,
  bodies,
  waiting,
  sessions,
  origins,
  failures,
  leftovers,
]

/** How long one case may take, real ms: under the 5 s of vitest, so that its servers are closed in any case. */
const caseLimitMs = 4_500

const runCase = async <Client extends object>(
  harness: AdapterHarness<Client>,
  { run, world: options }: ContractCase,
): Promise<void> => {
  const world = await createWorld(harness, options)
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The case did not settle in time.')), caseLimitMs)
  })
  try {
    await Promise.race([run(world), tooLate])
  } finally {
    clearTimeout(timer)
    await world.close()
  }
}

const applicable = <Client extends object>({
  harness,
  capabilities,
}: ContractOptions<Client>): CaseGroup[] => {
  const observed = harness.createObserved !== undefined
  const can = { ...everything, ...capabilities, observed }
  const fits = ({ needs }: ContractCase): boolean => needs?.(can) ?? true
  return groups.map(({ about, cases }) => ({ about, cases: cases.filter(fits) }))
}

/**
 * Registers every case of the adapter contract with a test framework: against a real API on loopback,
 * with real time for the network and virtual time for everything about tokens.
 *
 * What a client cannot do is said in `capabilities`, and those cases are not registered; nothing is skipped.
 *
 * @example
 * ```ts
 * import { withAuth } from '@unexpired/fetch'
 * import { adapterContract } from '@unexpired/testing/node'
 * import { describe, test } from 'vitest'
 *
 * adapterContract({
 *   describe,
 *   test,
 *   capabilities: { timeout: false, ownRetry: false, bodies: ['text'] },
 *   harness: {
 *     create: ({ baseUrl, policy }) => ({ baseUrl, send: policy ? withAuth(fetch, policy) : fetch }),
 *     request: async ({ baseUrl, send }, { path, body, ...init }) => {
 *       try {
 *         const answer = await send(new URL(path, baseUrl), { ...init, body: body?.content as string })
 *         return { status: answer.status, body: await answer.text() }
 *       } catch (error) {
 *         return { error }
 *       }
 *     },
 *   },
 * })
 * ```
 */
export const adapterContract = <Client extends object>(
  options: ContractOptions<Client> & TestFramework,
): void => {
  for (const { about, cases } of applicable(options)) {
    options.describe(about, () => {
      for (const each of cases) options.test(each.name, () => runCase(options.harness, each))
    })
  }
}

/** So many cases at once: a case that hangs must not hold up the others, nor all of them the machine. */
const atOnce = 100

/**
 * Runs the contract without a test framework and gives the names of the cases that fail: for a control
 * that is known to fail, or for finding out how far a pattern of one's own gets.
 *
 * @example
 * ```ts
 * import { failingCases, fetchHarness } from '@unexpired/testing/node'
 *
 * console.log(await failingCases({ harness: fetchHarness((send) => send) }))
 * ```
 */
export const failingCases = async <Client extends object>(
  options: ContractOptions<Client>,
): Promise<string[]> => {
  const all = applicable(options).flatMap(({ cases }) => cases)
  const failing = new Set<ContractCase>()
  const left = all.values()
  const work = async (): Promise<void> => {
    for (const each of left) await runCase(options.harness, each).catch(() => failing.add(each))
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return all.filter((each) => failing.has(each)).map(({ name }) => name)
}
