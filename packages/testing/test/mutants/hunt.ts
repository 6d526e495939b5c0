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

/**
 * Runs a wrong core through the schedules of the seeds `from` to `to` until one breaks a rule;
 * `onSeed` hears of each before it runs, because a wrong core may take the whole process with it.
 */
export const hunt = async (
  wrong: WrongCore,
  from: number,
  to: number,
  onSeed: (seed: number) => void,
): Promise<Catch> => {
  const { create, dispose } = await importWrongCore(wrong)
  try {
    for (let seed = from; seed <= to; seed++) {
      onSeed(seed)
      const { violations } = await runSchedule(scheduleOf(seed), { create })
      if (violations[0]) return { name: wrong.name, seed, violation: violations[0] }
    }
    return { name: wrong.name, seed: undefined, violation: 'not found' }
  } finally {
    dispose()
  }
}
