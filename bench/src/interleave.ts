import { cpuNs } from './cpu-clock.ts'

/** Something whose cost is to be compared: does one unit of work. */
export interface Runner {
  readonly name: string
  run(): unknown
}

/**
 * Nanoseconds of processor time for one unit of work of each, one list entry for each round. Rounds are interleaved and
 * the order turns, so that a neighbour who makes the machine busy for a while does so to everybody.
 */
export const interleave = async (
  runners: readonly Runner[],
  { rounds, roundMs, onRound }: { rounds: number; roundMs: number; onRound?(round: number): void },
): Promise<ReadonlyMap<Runner, readonly number[]>> => {
  const times = new Map<Runner, number[]>(runners.map((runner) => [runner, []]))
  const once = async (runner: Runner, count: number): Promise<number> => {
    const since = cpuNs()
    for (let i = 0; i < count; i++) await runner.run()
    return (cpuNs() - since) / count
  }
  // The engine has compiled it by then, and it is known how many fill a round: too few, and whether
  // the garbage collector comes by in a round decides what it cost.
  const counts = new Map<Runner, number>()
  for (const runner of runners) {
    await once(runner, 2_000)
    counts.set(runner, Math.ceil((roundMs * 1e6) / (await once(runner, 500))))
  }
  for (let round = 0; round < rounds; round++) {
    onRound?.(round)
    const turned = runners.map((_, at) => runners[(at + round) % runners.length] as Runner)
    for (const runner of round % 2 ? turned.toReversed() : turned) {
      times.get(runner)?.push(await once(runner, counts.get(runner) ?? 1))
    }
  }
  return times
}
