import { describe, expect, test } from 'vitest'
import type { Difference } from './differences.ts'
import type { Told } from './inside/told.ts'
import { judge, type Run, type Verdict } from './judge.ts'
import { table, vitestReport } from './report.ts'

const good: readonly Told[] = [
  { runtime: 'Deno 2.9.6' },
  { registered: ['a > one', 'a > two'] },
  { name: 'a > one', ms: 1 },
  { name: 'a > two', ms: 2 },
  { finished: true },
]

const listed: Difference = {
  runtime: 'Deno',
  adapter: 'ky',
  name: 'a > two',
  says: 'ByteString',
  reason: 'Deno says it otherwise.',
}

const judged = (
  told: readonly Told[],
  { trouble, differences = [], ...run }: Partial<Run> & { differences?: Difference[] } = {},
): readonly Verdict[] =>
  judge({ runtime: 'Deno 2.9.6', adapter: 'ky', told, trouble, ...run }, differences)

const failures = (verdicts: readonly Verdict[]): string[] =>
  verdicts.filter(({ status }) => status === 'failed').map(({ name }) => name)

const without = (index: number): readonly Told[] => good.toSpliced(index, 1)
const failing = (failure: string): readonly Told[] =>
  good.with(3, { name: 'a > two', ms: 2, failure })

test('a run in which every case passes is good', () => {
  expect(judged(good).map(({ name, status }) => [name, status])).toEqual([
    ['a > one', 'passed'],
    ['a > two', 'passed'],
  ])
})

test('a case that fails fails the run', () => {
  expect(failures(judged(failing('no')))).toEqual(['a > two'])
})

describe('what never happened is a failure', () => {
  test.each([
    ['a case that never ran', without(3), 'a > two'],
    ['a run without cases', without(1), 'there are cases'],
    ['a run that broke off', without(4), 'it comes to its end'],
    ['nothing at all', [], 'runs where it should'],
  ] as const)('%s', (_, told, name) => {
    expect(failures(judged(told))).toContain(name)
  })
})

test('another runtime than was asked for, a bad end and an error that nobody caught are failures', () => {
  expect(failures(judged(good, { runtime: 'Deno 2.9.7' }))).toEqual(['runs where it should'])
  expect(failures(judged(good, { trouble: 'It ended with SIGKILL.' }))).toEqual([
    'the process ends well',
  ])
  expect(failures(judged([...good, { uncaught: 'Error: late' }]))).toEqual([
    'every error is caught',
  ])
})

test('two cases with one name are a failure, since one hides the other', () => {
  const twice = good.with(1, { registered: ['a > one', 'a > two', 'a > two'] })
  expect(failures(judged(twice))).toEqual(['no two cases have one name'])
})

describe('a difference that is listed', () => {
  const differences = [listed]

  test('is neither passed nor failed while it fails as it says', () => {
    const [, verdict] = judged(failing('TypeError: not a valid ByteString'), { differences })
    expect(verdict).toMatchObject({ status: 'differs', message: listed.reason })
  })

  test('fails the run when it passes, when it fails otherwise, and when there is no such case', () => {
    expect(failures(judged(good, { differences }))).toEqual(['a > two'])
    expect(failures(judged(failing('a time-out'), { differences }))).toEqual(['a > two'])
    expect(failures(judged(good, { differences: [{ ...listed, name: 'a > three' }] }))).toEqual([
      'a > three',
    ])
  })

  test('counts for its runtime and its adapter alone', () => {
    const told = failing('ByteString')
    expect(failures(judged(told, { differences: [{ ...listed, runtime: 'Bun' }] }))).toEqual([
      'a > two',
    ])
    expect(failures(judged(told, { differences: [{ ...listed, adapter: 'fetch' }] }))).toEqual([
      'a > two',
    ])
  })
})

test('table and report count alike, and a difference as neither', () => {
  const of = (verdicts: readonly Verdict[]): Parameters<typeof table>[0][number] => ({
    runtime: 'Deno',
    version: '2.9.6',
    adapter: 'ky',
    verdicts,
  })
  const outcomes = [
    of(judged(failing('ByteString'), { differences: [listed] })),
    of(judged(failing('no'))),
  ]
  expect(table(outcomes).split('\n').slice(2)).toEqual([
    '| Deno | 2.9.6 | ky | 1 | 0 | 1 |',
    '| Deno | 2.9.6 | ky | 1 | 1 | 0 |',
  ])
  expect(vitestReport(outcomes, 0)).toMatchObject({
    success: false,
    numTotalTests: 4,
    numPassedTests: 2,
    numFailedTests: 1,
    numPendingTests: 1,
    testResults: [{ status: 'passed' }, { status: 'failed' }],
  })
})
