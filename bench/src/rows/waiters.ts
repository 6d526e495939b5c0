import { setTimeout as pause } from 'node:timers/promises'
import { memoize } from '@smithy/property-provider'
import { createPolicy, type AccessToken } from '../../../packages/core/dist/index.js'
import type { Line, Row } from '../line.ts'

const url = 'https://api.example.com/things/1'

const settled = async (): Promise<number> => {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.()
    await pause(5)
  }
  return process.memoryUsage().heapUsed
}

interface Waiting {
  readonly name: string
  readonly role: Line['role']
  /** Begins with an expired token and a refresh that never ends, and gives a way to ask for the token. */
  begin(): () => unknown
}

const never = new Promise<never>(() => {})

const begun = (): ReturnType<typeof createPolicy> => {
  const expired: AccessToken = {
    value: 'a',
    expiresAt: Date.now() - 1,
    issuedAt: Date.now() - 3_600_001,
  }
  return createPolicy({
    source: { name: 'bench', read: () => expired, refresh: () => never, subscribe: () => () => {} },
    origins: ['https://api.example.com'],
    refreshTimeoutMs: 600_000,
  })
}

const waiting: readonly Waiting[] = [
  { name: 'the promise that waits', role: 'limit', begin: () => () => never },
  {
    name: 'unexpired core',
    role: 'ours',
    begin() {
      const policy = begun()
      return () => policy.authorize({ url })
    },
  },
  {
    name: 'unexpired core, each with a signal of its own',
    role: 'ours',
    begin() {
      const policy = begun()
      return () => policy.authorize({ url, signal: new AbortController().signal })
    },
  },
  {
    name: "smithy's memoize",
    role: 'peer',
    begin: () =>
      memoize(
        () => never,
        () => true,
        () => true,
      ),
  },
]

/** What a caller costs who waits for the refresh, from some to a million of them. */
export const row: Row = async ({ progress, quick }) => {
  const most = quick ? 20_000 : 1_000_000
  const lines: Line[] = []
  let limit: number | undefined
  for (const { name: subject, role, begin } of waiting) {
    const perWaiter: number[] = []
    // An AbortController alone is most of it; a tenth of them says as much.
    const top = /signal/.test(subject) ? most / 10 : most
    for (const count of [top / 10, top]) {
      progress(`memory per waiter: ${count.toLocaleString('en')} × ${subject}`)
      const ask = begin()
      // Who asks waits for what is given: that is one promise and one closure for everybody.
      const wait = (): unknown => Promise.resolve(ask()).then(() => {})
      const all: unknown[] = Array.from({ length: count })
      all[0] = wait()
      await pause(5)
      const before = await settled()
      for (let i = 1; i < count; i++) all[i] = wait()
      await pause(5)
      perWaiter.push(((await settled()) - before) / (count - 1))
      if (all.length !== count) throw new Error('Nobody may leave.')
    }
    const [few = NaN, many = NaN] = perWaiter
    limit ??= many
    const work = `memory per waiter, ${most.toLocaleString('en')} waiters`
    const isBare = role === 'ours' && !subject.includes('signal')
    lines.push(
      {
        work,
        measure: 'bytes',
        unit: 'B',
        subject,
        role,
        value: many,
        limit,
        bar: isBare ? { value: 400 } : undefined,
      },
      {
        work,
        measure: 'against a tenth of them',
        unit: '×',
        subject,
        role,
        value: many / few,
        limit: 1,
        bar: isBare ? { ratio: 1.1 } : undefined,
      },
    )
  }
  return lines
}
