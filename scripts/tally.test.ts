import { expect, test } from 'vitest'

import { tally, type Report } from './tally.ts'

const report = (changes: Partial<Report>): Report => ({
  success: true,
  numPassedTests: 0,
  numFailedTests: 0,
  testResults: [],
  ...changes,
})

test('passes and failures of several runs are added up', () => {
  const red = { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] }
  const runs = [
    report({ numPassedTests: 3 }),
    report({ numPassedTests: 4, numFailedTests: 1, success: false, testResults: [red] }),
  ]
  expect(tally(runs)).toEqual({ passed: 7, failed: 1 })
})

test('a run without a report is a failure', () => {
  expect(tally([undefined, report({ numPassedTests: 2 })])).toEqual({ passed: 2, failed: 1 })
})

test('a test file that could not be loaded is a failure', () => {
  const unloaded = { status: 'failed', assertionResults: [] }
  expect(tally([report({ success: false, testResults: [unloaded, unloaded] })])).toEqual({
    passed: 0,
    failed: 2,
  })
})

test('an error outside of any test is a failure', () => {
  expect(tally([report({ success: false, numPassedTests: 5 })])).toEqual({ passed: 5, failed: 1 })
})
