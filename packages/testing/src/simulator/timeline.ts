import type { Schedule } from './schedule.ts'

/** One thing that happened, at a moment of the run. */
export interface Entry {
  /** When, milliseconds from the start. */
  readonly atMs: number
  /** Which tab; absent for the world. */
  readonly tab: number | undefined
  /** What. */
  readonly text: string
}

/** What a run has left to read. */
export interface Timeline {
  readonly entries: readonly Entry[]
  add(tab: number | undefined, text: string): void
}

/** A timeline by this clock. */
export const timeline = (elapsedMs: () => number): Timeline => {
  const entries: Entry[] = []
  return { entries, add: (tab, text) => void entries.push({ atMs: elapsedMs(), tab, text }) }
}

/** A timeline as text, and the schedule as a test that can be pasted. */
export const printed = (
  schedule: Schedule,
  entries: readonly Entry[],
  violations: readonly string[],
): string => {
  const lines = entries.map(
    ({ atMs, tab, text }) =>
      `${String(Math.round(atMs)).padStart(10)} ms  ${tab === undefined ? '      ' : `tab ${tab} `} ${text}`,
  )
  return [
    `seed ${schedule.seed}, ${schedule.steps.length} steps`,
    ...lines,
    '',
    ...violations.map((violation) => `✗ ${violation}`),
    '',
    `test('seed ${schedule.seed}', async () => {`,
    `  const { violations } = await runSchedule(${JSON.stringify(schedule)})`,
    '  expect(violations).toEqual([])',
    '})',
  ].join('\n')
}
