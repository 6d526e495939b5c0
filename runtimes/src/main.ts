/**
 * `pnpm test:runtimes`: the contract of every adapter on every runtime, one after the other, then the
 * table and `reports/runtimes.json`. Words after it choose among both: `pnpm test:runtimes deno bun ky`.
 */
import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { differences } from './differences.ts'
import { judge } from './judge.ts'
import { table, vitestReport, type Outcome } from './report.ts'
import { runContract } from './run-contract.ts'
import { runtimes } from './runtimes.ts'

const file = join(import.meta.dirname, '../../reports/runtimes.json')
const adapters = globSync('*.ts', { cwd: join(import.meta.dirname, 'contracts') })
  .map((name) => basename(name, '.ts'))
  .toSorted()

const words = process.argv.slice(2).map((word) => word.toLowerCase())
const chosenOf = <T>(all: readonly T[], nameOf: (each: T) => string): readonly T[] => {
  const chosen = all.filter((each) => words.includes(nameOf(each).toLowerCase()))
  return chosen.length > 0 ? chosen : all
}

/** Enough to see what is wrong; the report has all of it. */
const beginning = (message: string): string => message.split('\n').slice(0, 25).join('\n')

const every = runtimes()
const known = [...every.map(({ name }) => name.toLowerCase()), ...adapters]
const unknown = words.filter((word) => !known.includes(word))
if (unknown.length > 0) throw new Error(`Nothing is called ${unknown.join(', ')}.`)

rmSync(file, { force: true })
const startTime = Date.now()
const outcomes: Outcome[] = []
for (const runtime of chosenOf(every, ({ name }) => name)) {
  for (const adapter of chosenOf(adapters, (name) => name)) {
    const where = `${runtime.name} ${runtime.version}, ${adapter}`
    process.stderr.write(`${where}\n`)
    const verdicts = judge(await runContract(runtime, adapter), differences)
    for (const { name, status, message = '' } of verdicts)
      if (status === 'failed') console.error(`\n${where}: ${name}\n${beginning(message)}\n`)
    outcomes.push({ runtime: runtime.name, version: runtime.version, adapter, verdicts })
  }
}

mkdirSync(dirname(file), { recursive: true })
writeFileSync(file, JSON.stringify(vitestReport(outcomes, startTime)))

console.log(`\n${table(outcomes)}`)
const listed = outcomes.flatMap(({ runtime, adapter, verdicts }) =>
  verdicts
    .filter(({ status }) => status === 'differs')
    .map(({ name, message }) => `${runtime}, ${adapter}: ${name}\n  ${message}`),
)
if (listed.length > 0) console.log(`\nDiffers, as listed:\n${listed.join('\n')}`)
const isGood = outcomes.every(({ verdicts }) => verdicts.every(({ status }) => status !== 'failed'))
process.exitCode = isGood ? 0 : 1
