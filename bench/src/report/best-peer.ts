import type { Line } from '../line.ts'

/** Whether a subject failed some of the requests of a piece of work: then its other figures say nothing. */
const failedAt = (line: Line, all: readonly Line[]): boolean =>
  all.some(
    ({ work, subject, measure, value }) =>
      work === line.work && subject === line.subject && measure.startsWith('failed') && value !== 0,
  )

/** The least that a peer needed for the same, of those who did the work. */
export const bestPeer = (line: Line, all: readonly Line[]): Line | undefined =>
  all
    .filter(
      (other) =>
        other.role === 'peer' &&
        other.value !== undefined &&
        other.work === line.work &&
        other.measure === line.measure &&
        (line.measure.startsWith('failed') || !failedAt(other, all)),
    )
    .toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0))[0]
