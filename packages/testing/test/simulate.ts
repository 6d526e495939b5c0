/**
 * Runs the simulator over many seeds, in as many processes as there are processors:
 * `pnpm simulate --runs 20000 --seed 1`. Exits 1, and prints a timeline that can be pasted as a test,
 * when a rule is broken.
 */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { simulate, type Simulation } from '@unexpired/testing/simulator'

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    processes: { type: 'string', default: String(availableParallelism()) },
    part: { type: 'boolean', default: false },
  },
})
const [runs, seed, processes] = [values.runs, values.seed, values.processes].map(Number) as [
  number,
  number,
  number,
]
if (![runs, seed, processes].every((number) => Number.isInteger(number) && number >= 0)) {
  console.error('simulate: --runs, --seed and --processes take whole numbers.')
  process.exit(2)
}

/** What one process tells the first. */
type News = { readonly done: number } | { readonly end: Simulation }

/** One share of the seeds, told to the process that has started this one. */
const runPart = async (): Promise<void> => {
  let unhandled = ''
  process.on('unhandledRejection', (error) => (unhandled ||= String(error)))
  const end = await simulate({ runs, seed, onProgress: (done) => process.send?.({ done }) })
  // A rejection that nobody handles is told of a turn later.
  await new Promise((resolve) => setImmediate(resolve))
  process.send?.({ end })
  if (unhandled) throw new Error(`An unhandled rejection: ${unhandled}`)
}

const runAll = async (): Promise<void> => {
  const since = Date.now()
  const share = Math.ceil(runs / processes)
  const done: number[] = []
  let refreshes = 0
  let isBroken = false
  const say = (): void => {
    const sum = done.reduce((a, b) => a + b, 0)
    const rate = Math.round((sum / (Date.now() - since)) * 1000)
    console.log(`${sum} of ${runs} schedules, ${rate} a second`)
  }
  const ticker = setInterval(say, 10_000)
  const parts = Array.from({ length: processes }, (_, part) => {
    const own = Math.min(share, runs - part * share)
    if (own <= 0) return undefined
    const args = ['--part', '--runs', String(own), '--seed', String(seed + part * share)]
    const child = fork(import.meta.filename, args, { execArgv: process.execArgv })
    child.on('message', (news: News) => {
      if ('done' in news) done[part] = news.done
      else {
        done[part] = news.end.runs
        refreshes += news.end.refreshes
        if (news.end.failure) {
          isBroken = true
          console.log(news.end.failure.text)
        }
      }
    })
    return new Promise<void>((resolve) => {
      child.on('exit', (code) => {
        if (code) isBroken = true
        resolve()
      })
    })
  })
  await Promise.all(parts)
  clearInterval(ticker)
  say()
  console.log(
    isBroken
      ? 'A rule was broken.'
      : `No rule was broken; ${refreshes} refreshes, seeds ${seed} to ${seed + runs - 1}.`,
  )
  process.exitCode = isBroken ? 1 : 0
}

await (values.part ? runPart() : runAll())
