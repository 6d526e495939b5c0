/**
 * Adds up what the test runs reported, and prints it as one plain line: `N passed, N failed`.
 * A run that left no report, a file that could not be loaded and an error outside of any test each
 * count as one failure, so that a crash never reads like a pass.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { workspaceFolders } from './workspace.ts'

/** The part of Vitest's JSON report that is counted. */
export interface Report {
  readonly success: boolean
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

export interface Tally {
  readonly passed: number
  readonly failed: number
}

/** Counts the reports of several runs; `undefined` stands for a run that left none. */
export function tally(reports: readonly (Report | undefined)[]): Tally {
  let passed = 0
  let failed = 0
  for (const report of reports) {
    if (report === undefined) {
      failed += 1
      continue
    }
    const broken = report.testResults.filter(
      (file) =>
        file.status === 'failed' &&
        !file.assertionResults.some(({ status }) => status === 'failed'),
    )
    const failures = report.numFailedTests + broken.length
    passed += report.numPassedTests
    failed += failures === 0 && !report.success ? 1 : failures
  }
  return { passed, failed }
}

/** Where each run writes its report, by the script that starts it. */
const reportOf: Readonly<Record<string, string>> = {
  house: 'reports/house.json',
  test: 'reports/node.json',
  'test:browser': 'reports/browser.json',
  'test:e2e': 'reports/e2e.json',
  'test:runtimes': 'reports/runtimes.json',
  'release:rehearse': 'reports/rehearsal.json',
}

function read(path: string): Report | undefined {
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Report
  console.error(`No report at ${path}`)
  return undefined
}

function expectedReports(root: string): string[] {
  return ['.', 'apps/docs', ...workspaceFolders(root)].flatMap((folder) => {
    const manifest = readFileSync(join(root, folder, 'package.json'), 'utf8')
    const { scripts = {} } = JSON.parse(manifest) as { scripts?: Record<string, string> }
    return (
      Object.entries(reportOf)
        // At the root some only start the runs of the packages.
        .filter(([script]) => scripts[script]?.startsWith('turbo') === false)
        .map(([, report]) => join(root, folder, report))
    )
  })
}

if (import.meta.main) {
  const { passed, failed } = tally(expectedReports(join(import.meta.dirname, '..')).map(read))
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
}
