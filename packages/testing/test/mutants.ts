/**
 * Shows that the simulator sees: runs it over wrong cores, and says how many schedules each took.
 * `pnpm mutants` counts from the first seed; `--write` keeps what was found in `mutants/known.json` and
 * in the README; `--known` tries the seed of last time first, which takes seconds. Exits 1 when one was
 * not found within `--most` schedules (20 000), or takes so long that it seems to hang.
 */
import { fork } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { hunt, seedsFrom, type Catch } from './mutants/hunt.ts'
import { tableOf } from './mutants/table.ts'
import { wrongCores } from './mutants/wrong-cores.ts'

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    most: { type: 'string', default: '20000' },
    only: { type: 'string', default: '' },
    processes: { type: 'string', default: String(availableParallelism()) },
    known: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    hunter: { type: 'boolean', default: false },
  },
})
const most = Number(values.most)
const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const known = JSON.parse(readFileSync(pathOf('mutants/known.json'), 'utf8')) as readonly Catch[]

/** Hunts those that the first process names, one after the other. */
const serve = (): void => {
  process.on('message', (name: string) => {
    const wrong = wrongCores.find((one) => one.name === name)!
    const seed = values.known ? known.find((one) => one.name === name)?.seed : undefined
    hunt(wrong, seedsFrom(most, seed)).then(
      (caught) => process.send?.(caught),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
}

/** One process that hunts; ends when there is nobody left. */
const hunter = (queue: string[], onCatch: (caught: Catch) => void): Promise<void> =>
  new Promise((resolve) => {
    const args = ['--hunter', '--most', values.most, ...(values.known ? ['--known'] : [])]
    const child = fork(import.meta.filename, args, { execArgv: process.execArgv })
    const next = (): void => {
      const name = queue.shift()
      if (name === undefined) child.kill()
      else child.send(name)
    }
    child.on('message', (caught: Catch) => {
      onCatch(caught)
      next()
    })
    child.on('exit', (code) => {
      if (code) process.exitCode = 1
      resolve()
    })
    next()
  })

const huntAll = async (): Promise<void> => {
  const names = wrongCores.map(({ name }) => name).filter((name) => name.includes(values.only))
  const queue = [...names]
  const catches: Catch[] = []
  const since = Date.now()
  const onCatch = (caught: Catch): void => {
    catches.push(caught)
    const seconds = Math.round((Date.now() - since) / 1000)
    console.log(
      `${catches.length} of ${names.length}, ${seconds} s: ${caught.name}: ${caught.seed ?? 'NOT FOUND'} (${caught.violation.slice(0, 100)})`,
    )
  }
  await Promise.all(Array.from({ length: Number(values.processes) }, () => hunter(queue, onCatch)))
  const inOrder = names.flatMap((name) => catches.filter((one) => one.name === name))
  console.log(`\n${tableOf(inOrder)}`)
  const missed = names.length - catches.filter(({ seed }) => seed !== undefined).length
  console.log(`\n${names.length - missed} of ${names.length} wrong cores were found.`)
  if (missed) process.exitCode = 1
  if (!values.write) return
  writeFileSync(pathOf('mutants/known.json'), `${JSON.stringify(inOrder, null, 2)}\n`)
  const readme = readFileSync(pathOf('../README.md'), 'utf8')
  const [start, end] = ['<!-- mutants -->', '<!-- /mutants -->']
  const [before, rest] = [readme.slice(0, readme.indexOf(start)), readme.slice(readme.indexOf(end))]
  writeFileSync(pathOf('../README.md'), `${before}${start}\n\n${tableOf(inOrder)}\n\n${rest}`)
}

if (values.hunter) serve()
else await huntAll()
