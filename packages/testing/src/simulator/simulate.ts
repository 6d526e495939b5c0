import { runSchedule, type RunOptions } from './run-schedule.ts'
import { scheduleOf, type Schedule } from './schedule.ts'
import { shrink } from './shrink.ts'
import { printed } from './timeline.ts'

/** What to simulate. */
export interface SimulateOptions extends RunOptions {
  /** How many schedules. Default 1 000. */
  readonly runs?: number | undefined
  /** The seed of the first; the others count up from it. Default 1. */
  readonly seed?: number | undefined
  /** Makes the schedule of a seed. Default: {@link scheduleOf}. */
  readonly schedule?: ((seed: number) => Schedule) | undefined
  /** Called after each hundred schedules. */
  readonly onProgress?: ((done: number) => void) | undefined
}

/** What the simulation has shown. */
export interface Simulation {
  /** How many schedules were run; fewer than asked for when one broke a rule. */
  readonly runs: number
  /** How many refreshes there were in all of them. */
  readonly refreshes: number
  /** The first schedule that broke a rule, as short as it could be made; its timeline can be pasted as a test. */
  readonly failure:
    | { readonly schedule: Schedule; readonly violations: readonly string[]; readonly text: string }
    | undefined
}

/**
 * Runs the policy through random schedules of everything that happens to a session, and stops at the
 * first that breaks a rule.
 *
 * @example
 * ```ts
 * import { simulate } from '@unexpired/testing/simulator'
 *
 * const { failure } = await simulate({ runs: 10_000, seed: 1 })
 * if (failure) throw new Error(failure.text)
 * ```
 */
export const simulate = async (options: SimulateOptions = {}): Promise<Simulation> => {
  const { runs = 1_000, seed = 1, schedule = scheduleOf, onProgress, ...run } = options
  let refreshes = 0
  for (let n = 0; n < runs; n++) {
    const one = schedule(seed + n)
    const result = await runSchedule(one, run)
    refreshes += result.refreshes
    if (result.violations.length) {
      const shortest = await shrink(one, (candidate) => runSchedule(candidate, run))
      const { entries, violations } = await runSchedule(shortest, run)
      return {
        runs: n + 1,
        refreshes,
        failure: { schedule: shortest, violations, text: printed(shortest, entries, violations) },
      }
    }
    if (n % 100 === 99) onProgress?.(n + 1)
  }
  return { runs, refreshes, failure: undefined }
}
