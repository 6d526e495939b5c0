import type { RunResult } from './run-schedule.ts'
import type { Schedule } from './schedule.ts'

/**
 * The shortest schedule that still breaks a rule: takes out chunks of steps, halves down to single
 * ones, as long as something is still wrong.
 */
export const shrink = async (
  schedule: Schedule,
  run: (schedule: Schedule) => Promise<RunResult>,
): Promise<Schedule> => {
  let shortest = schedule
  for (
    let size = Math.ceil(schedule.steps.length / 2);
    size >= 1;
    size = size > 1 ? Math.ceil(size / 2) : 0
  ) {
    for (let from = 0; from < shortest.steps.length;) {
      const steps = [...shortest.steps.slice(0, from), ...shortest.steps.slice(from + size)]
      const candidate = { ...shortest, steps }
      if ((await run(candidate)).violations.length) shortest = candidate
      else from += size
    }
    if (size === 1) break
  }
  return shortest
}
