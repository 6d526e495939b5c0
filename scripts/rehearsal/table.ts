import { stripVTControlCharacters } from 'node:util'
import type { SerializedError } from 'vitest'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

declare module 'vitest' {
  interface TaskMeta {
    /** What took part, with versions: the row of an app in the table. */
    with?: string
  }
}

interface Row {
  readonly app: string
  readonly with: string
  readonly ok: boolean
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`.padStart(7)

/** Prints a line for each step, and at the end which app ran with what. */
export class Table implements Reporter {
  readonly #startedAt = performance.now()
  readonly #rows: Row[] = []

  onTestCaseResult(test: TestCase): void {
    const { state, errors } = test.result()
    const took = seconds(test.diagnostic()?.duration ?? 0)
    console.log(`${state === 'passed' ? '✓' : '✗'} ${took}  ${test.fullName}`)
    for (const error of errors ?? []) this.#explain(error)
    const { with: parts } = test.meta()
    if (parts !== undefined || state !== 'passed') {
      this.#rows.push({ app: test.fullName, with: parts ?? '', ok: state === 'passed' })
    }
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const errors = [...modules.flatMap((module) => module.errors()), ...unhandled]
    for (const error of errors) this.#explain(error)
    console.log('\n| app | installed and run | result |\n| --- | --- | --- |')
    for (const { app, with: parts, ok } of this.#rows) {
      console.log(`| ${app} | ${parts} | ${ok ? 'passed' : '**failed**'} |`)
    }
    console.log(`\n${seconds(performance.now() - this.#startedAt).trim()} in all`)
  }

  #explain(error: SerializedError): void {
    const text = stripVTControlCharacters(
      [error.message, error.diff, error.stack?.split('\n').find((line) => line.includes('.ts:'))]
        .filter((part) => typeof part === 'string')
        .join('\n'),
    )
    console.log(text.replaceAll(/^/gm, '            '))
  }
}
