import { runSchedule, scheduleOf } from '@unexpired/testing/simulator'
import { importWrongCore, type WrongCore } from './wrong-core.ts'

/** What became of a wrong core. */
export interface Catch {
  readonly name: string
  /** The seed that found it; `undefined` when none did. */
  readonly seed: number | undefined
  /** What was broken first. */
  readonly violation: string
}

/** Runs a wrong core through the schedules of these seeds until one breaks a rule. */
export const hunt = async (wrong: WrongCore, seeds: Iterable<number>): Promise<Catch> => {
  const { create, dispose } = await importWrongCore(wrong)
  try {
    for (const seed of seeds) {
      const { violations } = await runSchedule(scheduleOf(seed), { create })
      if (violations[0]) return { name: wrong.name, seed, violation: violations[0] }
    }
    return { name: wrong.name, seed: undefined, violation: 'not found' }
  } finally {
    dispose()
  }
}

/** The seeds from 1 on; a known one comes first. */
export const seedsFrom = function* (most: number, known?: number): Generator<number> {
  if (known) yield known
  for (let seed = 1; seed <= most; seed++) yield seed
}
