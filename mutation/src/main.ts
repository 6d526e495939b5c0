/**
 * Mutation testing of core: `pnpm mutation` tries every mutant, `pnpm mutation src/retry.ts` those of
 * one file, `pnpm mutation --report` none. Then it tells the score of everything tried so far, and
 * exits 1 where that is under 90 %, or a mutant survives that is not explained in `survivors.ts`.
 * `--write` keeps the score and the survivors in the README.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { mutantsOf } from './report.ts'
import { listOf, scoreOf, tableOf } from './summary.ts'
import { survivors } from './survivors.ts'

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  allowPositionals: true,
  options: {
    report: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

if (!values.report) {
  const stryker = pathOf('../node_modules/@stryker-mutator/core/bin/stryker.js')
  const mutate = positionals.length ? ['--mutate', positionals.join(',')] : []
  const args = [stryker, 'run', pathOf('../stryker.config.mjs'), ...mutate]
  const run = spawnSync(process.execPath, args, {
    cwd: pathOf('../../packages/core'),
    stdio: 'inherit',
  })
  if (run.status) process.exit(run.status)
}

const mutants = mutantsOf(pathOf('../reports/incremental.json'))
const alive = mutants.filter(({ isFound }) => !isFound)
const key = (one: { file: string; line: string; replacement: string }): string =>
  [one.file, one.line, one.replacement].join('\n')
const [known, seen] = [new Set(survivors.map(key)), new Set(alive.map(key))]
const unexplained = alive.filter((one) => !known.has(key(one)))
const tried = new Set(mutants.map(({ file }) => file))
const gone = survivors.filter((one) => tried.has(one.file) && !seen.has(key(one)))

console.log(`\n${tableOf(mutants)}\n`)
for (const { file, line, lineNumber, replacement } of unexplained)
  console.log(`Not explained: ${file}:${lineNumber}\n  ${line}\n  → ${replacement}`)
for (const { file, line, replacement } of gone)
  console.log(`Found by now, or no longer there: ${file}\n  ${line}\n  → ${replacement}`)

if (values.write) {
  const readme = pathOf('../README.md')
  const text = readFileSync(readme, 'utf8')
  const mark = '<!-- written by pnpm mutation --write -->'
  const before = text.slice(0, text.indexOf(mark))
  writeFileSync(
    readme,
    `${before}${mark}\n\n${tableOf(mutants)}\n\n## Survivors\n\n${listOf(survivors)}\n`,
  )
}
if (scoreOf(mutants) < 90 || unexplained.length) process.exitCode = 1
