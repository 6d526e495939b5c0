/**
 * Shows that the simulator sees: runs it over wrong cores, and says how many schedules each took.
 * `pnpm simulate:mutants` counts from the first seed; `--write` keeps what was found in
 * `mutants/known.json` and in the README; `--known` tries the seed of last time first, which takes
 * seconds; `--only flight` takes those with this word in the name. Exits 1 when one was not found within `--most`
 * schedules.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import knownJson from './mutants/known.json' with { type: 'json' }
import type { Catch } from './mutants/hunt.ts'
import { huntAll } from './mutants/hunters.ts'
import { tableOf } from './mutants/table.ts'
import { wrongCores } from './mutants/wrong-cores.ts'

const known: readonly Catch[] = knownJson
const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    most: { type: 'string', default: '20000' },
    only: { type: 'string', default: '' },
    processes: { type: 'string', default: '2' },
    known: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
const names = wrongCores.map(({ name }) => name).filter((name) => name.includes(values.only))
const since = Date.now()
let done = 0

const catches = await huntAll({
  names,
  most: Number(values.most),
  processes: Number(values.processes),
  ...(values.known && { known: (name) => known.find((one) => one.name === name)?.seed }),
  onCatch({ name, seed, violation }) {
    const seconds = Math.round((Date.now() - since) / 1000)
    console.log(
      `${++done} of ${names.length}, ${seconds} s: ${name}: ${seed ?? 'NOT FOUND'} (${violation.slice(0, 100)})`,
    )
  },
})
const found = catches.filter(({ seed }) => seed !== undefined).length
console.log(`\n${tableOf(catches)}\n\n${found} of ${names.length} wrong cores were found.`)
if (found < names.length) process.exitCode = 1

if (values.write && !values.known && !values.only) {
  const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
  writeFileSync(pathOf('mutants/known.json'), `${JSON.stringify(catches, null, 2)}\n`)
  const readme = readFileSync(pathOf('../README.md'), 'utf8')
  const [start, end] = ['<!-- mutants -->', '<!-- /mutants -->']
  const [before, rest] = [readme.slice(0, readme.indexOf(start)), readme.slice(readme.indexOf(end))]
  writeFileSync(pathOf('../README.md'), `${before}${start}\n\n${tableOf(catches)}\n\n${rest}`)
}
