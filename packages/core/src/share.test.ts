import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { virtualClock } from '@unexpired/testing'
import { never } from '../test/provider.ts'
import { createPolicy, type Policy } from './policy.ts'
import type { PolicyOptions } from './options.ts'
import { sharePolicy } from './share.ts'

const said: string[] = []
let names = 0
/** A name that no other test uses. */
const name = (): string => `share ${++names}`

const make = (options: Partial<PolicyOptions> = {}): Policy =>
  createPolicy({
    source: { name: 'test', read: () => undefined, refresh: never },
    origins: ['https://api.example.com'],
    runtime: virtualClock(),
    ...options,
  })

/** The same module again, as a second bundle of the library on the page has it. */
const otherBundle = async (): Promise<typeof sharePolicy> => {
  vi.resetModules()
  return (await import('./share.ts')).sharePolicy
}

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation((text: string) => void said.push(text))
})

afterEach(() => {
  said.length = 0
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('sharePolicy', () => {
  test('one name is one policy, in one bundle and in several', async () => {
    const main = name()
    const policy = sharePolicy(main, make)
    expect(sharePolicy(main, make)).toBe(policy)
    expect((await otherBundle())(main, make)).toBe(policy)
    expect(sharePolicy(name(), make)).not.toBe(policy)
    expect(said).toEqual([])
  })

  test('is created by the first caller, and in production by nobody else', () => {
    vi.stubEnv('NODE_ENV', 'production')
    const main = name()
    let created = 0
    const create = (): Policy => ((created += 1), make({ bufferMs: created }))
    sharePolicy(main, create)
    sharePolicy(main, create)
    expect([created, said]).toEqual([1, []])
  })

  test('in development a bundle with other settings is told so, field by field, once', () => {
    const main = name()
    sharePolicy(main, make)
    const differing = (): Policy => make({ bufferMs: 5, origins: ['self'] })
    sharePolicy(main, differing)
    sharePolicy(main, differing)
    expect(new Set(said)).toEqual(
      new Set([
        `sharePolicy("${main}"): origins is ["self"] here, but ["https://api.example.com"] in the policy that the page already has. The latter is used; give every bundle the same settings, and the same version of @unexpired/core.`,
        `sharePolicy("${main}"): bufferMs is 5 here, but 300000 in the policy that the page already has. The latter is used; give every bundle the same settings, and the same version of @unexpired/core.`,
      ]),
    )
    expect(said).toHaveLength(2)
  })

  test('a setting that only one of them has is a difference, too', () => {
    const main = name()
    sharePolicy(main, make)
    sharePolicy(main, () => make({ coordinator: { exclusive: never } }))
    expect(said).toEqual([expect.stringContaining('coordinator is "[object]" here, but undefined')])
  })

  test('what create throws in a later bundle is told, and harms nobody', () => {
    const main = name()
    const policy = sharePolicy(main, make)
    for (let n = 0; n < 2; n++) {
      expect(sharePolicy(main, () => make({ bufferMs: -1 }))).toBe(policy)
      expect(sharePolicy(main, () => undefined as never)).toBe(policy)
    }
    expect(said).toEqual([
      expect.stringMatching(/create threw TypeError: .*bufferMs must be .* is used\.$/),
      expect.stringMatching(/create threw TypeError: .* is used\.$/),
    ])
  })

  test('the policy that is made to compare is thrown away, and tells nobody', async () => {
    const main = name()
    const policy = sharePolicy(main, make)
    let other: Policy | undefined
    const told: unknown[] = []
    const coordinator = {
      exclusive: never,
      publish: (...news: unknown[]) => void told.push(news),
    }
    sharePolicy(main, () => (other = make({ coordinator })))
    await expect(other?.token()).rejects.toMatchObject({ code: 'disposed' })
    await expect(policy.token()).rejects.toMatchObject({ code: 'signed-out' })
    expect(told).toEqual([])
  })

  test('a factory that keeps its policy does not lose it to the comparison', async () => {
    const main = name()
    const own = make()
    const policy = sharePolicy(main, () => own)
    expect(sharePolicy(main, () => own)).toBe(policy)
    await expect(policy.token()).rejects.toMatchObject({ code: 'signed-out' })
  })

  test('whatever else the policy tells of leaves the name alone', async () => {
    const main = name()
    const policy = sharePolicy(main, make)
    policy.recheck()
    await expect(policy.refresh()).rejects.toMatchObject({ code: 'signed-out' })
    expect(policy.snapshot().status).toBe('signed-out')
    expect(sharePolicy(main, make)).toBe(policy)
  })

  test('after dispose the name is free, and the disposed policy stays disposed', async () => {
    const main = name()
    const first = sharePolicy(main, make)
    first.dispose()
    await expect(first.token()).rejects.toMatchObject({ code: 'disposed' })
    const second = sharePolicy(main, make)
    expect(second).not.toBe(first)
    first.dispose()
    expect(sharePolicy(main, make)).toBe(second)
  })

  test('a policy that is disposed by whoever made it frees its name, too', () => {
    const main = name()
    const own = make()
    expect(sharePolicy(main, () => own)).toBe(own)
    own.dispose()
    expect(sharePolicy(main, make)).not.toBe(own)
  })

  test('a bundle of an older version finds what it knows in a policy of a newer one', async () => {
    const main = name()
    const newer = Object.assign(make(), { later: () => 'something' })
    sharePolicy(main, () => newer)
    const policy = (await otherBundle())(main, make)
    expect(policy.covers('https://api.example.com')).toBe(true)
    await expect(policy.token()).rejects.toMatchObject({ code: 'signed-out' })
  })

  test('a bundle that speaks another protocol keeps to itself, and says so', () => {
    const registry = (globalThis as never)[Symbol.for('@unexpired/policies')] as Map<string, object>
    const main = name()
    const theirs = make()
    registry.set(main, { protocol: 0, policy: theirs, said: new Set() })
    const ours = sharePolicy(main, make)
    expect(ours).not.toBe(theirs)
    expect(sharePolicy(main, make)).toBe(ours)
    expect(said).toEqual([
      `sharePolicy("${main}"): this bundle speaks protocol 1, the page's policy protocol 0. They do not share tokens; bring both bundles to one major version of @unexpired/core.`,
    ])
    ours.dispose()
    expect(registry.get(main)).toMatchObject({ policy: theirs })
  })

  test('works where there is no process, and says nothing there', () => {
    const main = name()
    sharePolicy(main, make)
    vi.stubGlobal('process', undefined)
    sharePolicy(main, () => make({ bufferMs: 5 }))
    vi.unstubAllGlobals()
    expect(said).toEqual([])
  })

  test.each(['', undefined, null, 5, {}])('refuses %o for a name', (odd) => {
    expect(() => sharePolicy(odd as never, make)).toThrow(
      new TypeError('sharePolicy: name must be a string that all bundles of the page agree on'),
    )
  })

  test.each([undefined, null, {}, Promise.resolve()])('refuses %o for a policy', (odd) => {
    const main = name()
    expect(() => sharePolicy(main, () => odd as never)).toThrow(
      new TypeError('sharePolicy: create must return what createPolicy returns'),
    )
    expect(sharePolicy(main, make)).toBeDefined()
  })

  test('what create throws is thrown, and the name stays free', () => {
    const main = name()
    expect(() => sharePolicy(main, () => make({ origins: [] }))).toThrow(/origins must be a list/)
    expect(sharePolicy(main, make)).toBeDefined()
  })
})
