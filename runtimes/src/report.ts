import type { Verdict } from './judge.ts'

/** What came of one adapter on one runtime. */
export interface Outcome {
  /** As `Deno`. */
  readonly runtime: string
  readonly version: string
  readonly adapter: string
  readonly verdicts: readonly Verdict[]
}

const count = ({ verdicts }: Outcome, status: Verdict['status']): number =>
  verdicts.filter((verdict) => verdict.status === status).length

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`

/** One line for each adapter on each runtime. */
export const table = (outcomes: readonly Outcome[]): string =>
  [
    row(['runtime', 'version', 'adapter', 'passed', 'failed', 'differs']),
    row(['---', '---', '---', '---:', '---:', '---:']),
    ...outcomes.map((outcome) =>
      row([
        outcome.runtime,
        outcome.version,
        outcome.adapter,
        count(outcome, 'passed'),
        count(outcome, 'failed'),
        count(outcome, 'differs'),
      ]),
    ),
  ].join('\n')

/** A difference has not passed, and nobody has to mend it: of what Vitest knows, it is pending. */
const statuses = { passed: 'passed', failed: 'failed', differs: 'pending' } as const

/** The report in the form of Vitest's, which is what the reports of all test runs here look like. */
export const vitestReport = (outcomes: readonly Outcome[], startTime: number): object => {
  const total = (status: Verdict['status']): number =>
    outcomes.reduce((sum, outcome) => sum + count(outcome, status), 0)
  return {
    success: total('failed') === 0,
    startTime,
    numTotalTests: outcomes.reduce((sum, { verdicts }) => sum + verdicts.length, 0),
    numPassedTests: total('passed'),
    numFailedTests: total('failed'),
    numPendingTests: total('differs'),
    testResults: outcomes.map((outcome) => ({
      name: `${outcome.runtime} ${outcome.version}, ${outcome.adapter}`,
      status: count(outcome, 'failed') === 0 ? 'passed' : 'failed',
      assertionResults: outcome.verdicts.map(({ name, status, ms, message }) => ({
        fullName: name,
        title: name.split(' > ').at(-1),
        ancestorTitles: name.split(' > ').slice(0, -1),
        status: statuses[status],
        duration: ms,
        failureMessages: message === undefined ? [] : [message],
      })),
    })),
  }
}
