/**
 * The long form of the rounds, in real browsers of three engines: `pnpm test:browsers`, or with some
 * of `chromium`, `firefox`, `webkit` and `--rounds 60`. Installs what is missing, where it may.
 */
import { parseArgs } from 'node:util'
import { playRounds, type RoundsResult } from '../tabs/rounds.ts'
import { newer } from '../tabs/versions.ts'
import { openSite } from '../tabs/site.ts'
import type { TabOptions } from '../tabs/tab.ts'
import { startChromium } from './chromium.ts'
import type { Engine } from './engine.ts'
import { startFirefox } from './firefox.ts'
import { startWebKit } from './webkit.ts'

const engines = {
  chromium: { start: startChromium, rounds: 300 },
  firefox: { start: startFirefox, rounds: 60 },
  webkit: { start: startWebKit, rounds: 60 },
}

const bundles = ['/micro.js?bundle=1', '/micro.js?bundle=2'].flatMap((path) => [
  path,
  `/newer${path}`,
])

interface Row extends RoundsResult {
  readonly engine: string
  readonly what: string
  readonly isGood: boolean
}

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string' } },
  allowPositionals: true,
})

for (const name of positionals)
  if (!(name in engines))
    throw new Error(`There is no ${name}; there are ${Object.keys(engines).join(', ')}.`)

const play = async (
  { profile, name }: Engine,
  what: string,
  options: TabOptions,
  { rounds, laterMs = 0, path = '/' }: { rounds: number; laterMs?: number; path?: string },
): Promise<Row> => {
  const isOurs = options.pattern === 'ours'
  // The pasted pattern refreshes in the last five minutes, and in the last five seconds Amplify does.
  const seconds = isOurs ? 2 : 60
  const site = await openSite({ accessTokenSeconds: seconds, idTokenSeconds: seconds }, { newer })
  site.serve('/micro', bundles)
  const { open, close } = await profile()
  try {
    const tabs = []
    for (let n = 0; n < 3; n++) tabs.push(await open(site.address(options, path)))
    const result = await playRounds(site.pool, tabs, { rounds, laterMs })
    const { refreshes, reused, lost, failures } = result
    const isPerfect = refreshes === rounds && !reused && !lost && !Object.keys(failures).length
    return { engine: name, what, ...result, isGood: isOurs ? isPerfect : lost > 0 }
  } finally {
    await close()
    await site.close()
  }
}

// Whoever stops it stops the browsers, too.
process.once('SIGINT', () => process.exit(130))

const rows: Row[] = []
const add = (row: Row): void => {
  rows.push(row)
  const { isGood, engine, what, rounds, refreshes, reused, lost, failures } = row
  const cells = [engine, what, rounds, refreshes, reused, lost, JSON.stringify(failures)]
  console.log(`| ${cells.join(' | ')} | ${isGood ? 'ok' : 'NOT OK'} |`)
}

console.log('| engine | three tabs | rounds | refreshes | reuse | lost | failed calls | |')
console.log('|---|---|---|---|---|---|---|---|')
for (const [name, { start, rounds: usual }] of Object.entries(engines)) {
  if (positionals.length && !positionals.includes(name)) continue
  const rounds = Number(values.rounds ?? usual)
  const engine = await start()
  try {
    const ours: TabOptions = { pattern: 'ours' }
    add(await play(engine, 'at once', ours, { rounds }))
    add(await play(engine, '0 to 50 ms apart', ours, { rounds, laterMs: 50 }))
    const ofBundles = { rounds: Math.min(rounds, 50), path: '/micro' }
    add(await play(engine, 'four bundles of two versions each', ours, ofBundles))
    const control = { rounds: Math.min(rounds, 20), laterMs: 20 }
    add(await play(engine, 'the control: the pasted pattern', { pattern: 'pasted' }, control))
  } finally {
    await engine.close()
  }
}
process.exitCode = rows.every(({ isGood }) => isGood) ? 0 : 1
