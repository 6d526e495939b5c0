/** `pnpm bench`: every row, one after the other, then the table, `results.json` and `results.svg`. */
import { fork } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { holds, type Line } from './line.ts'
import { publish, type Results } from './report/publish.ts'
import { details, summary } from './report/table.ts'

const rows = [
  'authorize',
  'request-cost/axios',
  'request-cost/ky',
  'request-cost/ofetch',
  'request-cost/fetch',
  'request-cost/graphql',
  'herd-200',
  'late-refusals',
  'short-tokens',
  'across-expiry',
  'provider-down',
  'waiters',
  'day-of-tabs',
  'size',
  'herd-10000',
]

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    /** Draws again what was measured last. */
    draw: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})
const chosen = rows.filter(
  (name) => !values.only || values.only.some((part) => name.startsWith(part)),
)
const { isTTY } = process.stderr
const started = performance.now()

const show = (text: string): void => {
  const seconds = ((performance.now() - started) / 1000).toFixed(0).padStart(4)
  if (isTTY) process.stderr.write(`\r\u001B[K${seconds} s  ${text}`)
  else if (values.verbose) process.stderr.write(`${seconds} s  ${text}\n`)
}

const run = (name: string, place: string): Promise<readonly Line[]> =>
  new Promise((resolve, reject) => {
    if (!isTTY) process.stderr.write(`${place} ${name}\n`)
    const child = fork(
      join(import.meta.dirname, 'run-row.ts'),
      [name, values.quick ? 'quick' : ''],
      {
        execArgv: ['--expose-gc', '--max-old-space-size=6144', '--no-warnings'],
      },
    )
    let lines: readonly Line[] | undefined
    child.on('message', (message: { progress?: string; lines?: readonly Line[] }) => {
      if (message.progress) show(`${place}  ${message.progress}`)
      lines = message.lines ?? lines
    })
    child.on('exit', (code, signal) =>
      lines ? resolve(lines) : reject(new Error(`The row ${name} ended with ${code ?? signal}.`)),
    )
  })

const here = join(import.meta.dirname, '..')
const file = join(here, 'results.json')

const when = new Date().toISOString().slice(0, 10)
const kept: Record<string, Results['rows'][string]> = existsSync(file)
  ? (JSON.parse(readFileSync(file, 'utf8')) as Results).rows
  : {}

if (values.draw) {
  publish(here, JSON.parse(readFileSync(file, 'utf8')) as Results)
  process.exit()
}

const lines: Line[] = []
for (const [at, name] of chosen.entries()) {
  const measured = await run(name, `[${at + 1}/${chosen.length}]`)
  lines.push(...measured)
  if (values.quick) continue
  // Written after each row, so that a run that is stopped has not been for nothing.
  kept[name] = { when, lines: measured }
  const inOrder = Object.fromEntries(rows.flatMap((row) => (kept[row] ? [[row, kept[row]]] : [])))
  const results: Results = { node: process.version, rows: inOrder }
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`)
  publish(here, results)
}
if (isTTY) process.stderr.write('\r\u001B[K')
console.log(`${details(lines)}\n\n${summary(lines)}\n`)
const missed = lines.filter((line) => holds(line) === false)
console.log(
  missed.length === 0
    ? 'Every bar holds.'
    : `Missed: ${missed.map(({ work, measure, subject }) => `${work}, ${measure} (${subject})`).join('; ')}`,
)
