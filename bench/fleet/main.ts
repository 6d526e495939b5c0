/**
 * `pnpm fleet`: one million sessions that signed in within the same ten minutes, on paper.
 *
 * The default quota is Cognito's: 120 requests a second for `UserAuthentication` operations, to which
 * refreshes belong, in one account and region. https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { behaviours, type Behaviour } from './behaviour.ts'
import { leastQuota, partOf, scaled } from './least-quota.ts'
import { picture } from './picture.ts'
import { simulate, type Fleet, type Outcome } from './simulate.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    sessions: { type: 'string', default: '1000000' },
    quota: { type: 'string', default: '120' },
    minutes: { type: 'string', default: '10' },
    hours: { type: 'string', default: '2' },
    whole: { type: 'boolean', default: false },
  },
})
const fleet: Fleet = {
  sessions: Number(values.sessions),
  signInWithin: Number(values.minutes) * 60,
  lifetime: 3_600,
  requestEvery: 60,
  quota: Number(values.quota),
  until: Math.round(Number(values.hours) * 3_600),
  seed: Number(values.seed),
}
const started = performance.now()
const progress = (text: string): void => {
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stderr.write(
    process.stderr.isTTY ? `\r\u001B[K${seconds} s  ${text}` : `${seconds} s  ${text}\n`,
  )
}

/** From here on tokens become due; before, nobody refreshes. */
const from = 2_700
const whole = (value: number): string => Math.round(value).toLocaleString('en')

/** The busiest ten seconds, and the mean, calls a second. */
const load = ({ perSecond }: Outcome): readonly [peak: number, mean: number] => {
  let [peak, sum] = [0, 0]
  for (let second = from; second < perSecond.length; second++) sum += perSecond[second] ?? 0
  for (let second = from; second + 10 <= perSecond.length; second += 10) {
    let ten = 0
    for (let at = second; at < second + 10; at++) ten += perSecond[at] ?? 0
    peak = Math.max(peak, ten / 10)
  }
  return [peak, sum / (perSecond.length - from)]
}

/** With a quota a tenth of the fleet has a tenth of it, unless all of it is asked for: minutes become seconds. */
const limitedAt = (quota: number, behaviour: Behaviour): Outcome => {
  progress(`${behaviour.name}: quota ${quota} a second`)
  return values.whole
    ? simulate({ ...fleet, quota }, behaviour)
    : scaled(simulate(partOf({ ...fleet, quota }), behaviour))
}

const rows: string[][] = []
const curves: { name: string; free: Outcome; limited: Outcome }[] = []
for (const behaviour of behaviours) {
  progress(`${behaviour.name}: no quota`)
  const free = simulate({ ...fleet, quota: Infinity }, behaviour)
  const limited = limitedAt(fleet.quota, behaviour)
  const raised = limitedAt(fleet.quota * 10, behaviour)
  progress(`${behaviour.name}: the least quota with which nobody notices`)
  const least = leastQuota(fleet, behaviour)
  curves.push({ name: behaviour.name, free, limited })
  const [freePeak, freeMean] = load(free)
  const [peak, mean] = load(limited)
  const share = ({ noticed }: Outcome): string =>
    `${((100 * noticed) / fleet.sessions).toFixed(1)} %`
  rows.push([
    behaviour.name,
    whole(freePeak),
    (freePeak / freeMean).toFixed(1),
    whole(least),
    whole(peak),
    (peak / mean).toFixed(1),
    whole(limited.refused),
    share(limited),
    whole(raised.refused),
    share(raised),
  ])
}
if (process.stderr.isTTY) process.stderr.write('\r\u001B[K')

const [usual, tenfold] = [whole(fleet.quota), whole(fleet.quota * 10)]
const head = [
  'calls a second',
  'peak',
  'peak/mean',
  'least quota',
  `peak at ${usual}`,
  'peak/mean',
  'refused',
  'noticed',
  `refused at ${tenfold}`,
  'noticed',
]
const widths = head.map((title, column) =>
  Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
)
const written = (row: readonly string[]): string =>
  `| ${row.map((cell, column) => (column ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join(' | ')} |`
console.log(
  `${whole(fleet.sessions)} sessions that signed in within ${values.minutes} minutes, tokens of an hour, a request a minute each, ${values.hours} hours, seed ${fleet.seed}`,
)
console.log(
  [
    written(head),
    `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`,
    ...rows.map(written),
  ].join('\n'),
)
writeFileSync(join(import.meta.dirname, 'fleet.svg'), picture(fleet, curves))
console.log(
  `Drawn in bench/fleet/fleet.svg, in ${((performance.now() - started) / 1000).toFixed(0)} s.`,
)
