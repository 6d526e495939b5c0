/** `pnpm bench`: every row, one after the other, then the table, `results.json` and `results.svg`. */
import { fork } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { holds, type Line } from './line.ts'
import { picture } from './report/picture.ts'
import { table } from './report/table.ts'

const rows = [
  'authorize',
  'request-cost',
  'herd-200',
  'herd-10000',
  'late-refusals',
  'short-tokens',
  'across-expiry',
  'provider-down',
  'waiters',
  'day-of-tabs',
  'size',
]

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
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
    child.on('exit', (code) =>
      lines ? resolve(lines) : reject(new Error(`The row ${name} ended with ${code}.`)),
    )
  })

const lines: Line[] = []
for (const [at, name] of chosen.entries()) {
  lines.push(...(await run(name, `[${at + 1}/${chosen.length}]`)))
}
if (isTTY) process.stderr.write('\r\u001B[K')

const here = join(import.meta.dirname, '..')
console.log(table(lines))
if (chosen.length === rows.length && !values.quick) {
  const { version } = JSON.parse(
    readFileSync(join(here, '../packages/core/package.json'), 'utf8'),
  ) as { version: string }
  const when = new Date().toISOString().slice(0, 10)
  writeFileSync(
    join(here, 'results.json'),
    `${JSON.stringify({ when, version, node: process.version, lines }, undefined, 2)}\n`,
  )
  writeFileSync(join(here, 'results.svg'), picture(lines))
}
const missed = lines.filter((line) => holds(line) === false)
console.log(
  missed.length === 0
    ? 'Every bar holds.'
    : `Missed: ${missed.map(({ work, measure, subject }) => `${work}, ${measure} (${subject})`).join('; ')}`,
)
