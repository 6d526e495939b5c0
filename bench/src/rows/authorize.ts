import { policyOf } from '../contenders/ours.ts'
import { cpuNs } from '../cpu-clock.ts'
import type { Line, Row } from '../line.ts'
import { median } from '../statistics.ts'
import { createProvider } from '../world/provider.ts'
import type { World } from '../world/world.ts'

const url = 'https://api.example.com/things/1'

const settled = (): number => {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

/**
 * Core's `authorize` with a fresh token, called as an adapter calls it, in a loop that uses what it gives.
 * The clock alone is what cannot be saved: a token may have expired since the last request.
 */
export const row: Row = async ({ progress, quick }) => {
  const provider = createProvider(() => Date.now())
  const world: World = {
    origin: 'https://api.example.com',
    fetch,
    adapter: undefined,
    tokens: provider.issue(),
  }
  const policy = policyOf(world)
  await policy.authorize({ url })
  const perRound = quick ? 100_000 : 1_000_000
  const rounds = quick ? 3 : 15

  let kept: unknown
  const loops: Readonly<Record<'ours' | 'clock', () => void>> = {
    ours: () => {
      for (let i = 0; i < perRound; i++) kept = policy.authorize({ url, signal: undefined })
    },
    clock: () => {
      for (let i = 0; i < perRound; i++) kept = Date.now()
    },
  }
  const time = (name: 'ours' | 'clock'): number => {
    const since = cpuNs()
    loops[name]()
    return (cpuNs() - since) / perRound
  }
  const times: Record<'ours' | 'clock', number[]> = { ours: [], clock: [] }
  for (const name of ['ours', 'clock', 'ours', 'clock'] as const) time(name)
  for (let round = 0; round < rounds; round++) {
    progress(`authorize: round ${round + 1} of ${rounds}`)
    for (const name of ['clock', 'ours'] as const) times[name].push(time(name))
  }

  // What is allocated between two collections, and what of it is left after one.
  const calls = 100_000
  const before = settled()
  for (let i = 0; i < calls; i++) kept = policy.authorize({ url, signal: undefined })
  const allocated = (process.memoryUsage().heapUsed - before) / calls
  const surviving = (settled() - before) / calls
  if (typeof kept !== 'object') throw new TypeError('authorize did not answer at once.')

  const line = { work: 'authorize, token fresh', subject: 'unexpired core', role: 'ours' } as const
  return [
    {
      ...line,
      measure: 'time',
      unit: 'ns',
      value: median(times.ours),
      limit: median(times.clock),
      bar: { value: 50 },
    },
    { ...line, measure: 'allocated by a call', unit: 'B', value: Math.max(0, allocated) },
    // Below one byte for each call is what the engine itself keeps of having run the loop.
    {
      ...line,
      measure: 'left after collection',
      unit: 'B',
      value: Math.max(0, Math.floor(surviving)),
      limit: 0,
      bar: { value: 0 },
    },
  ] satisfies Line[]
}
