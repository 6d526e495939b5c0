import { parseArgs } from 'node:util'
import { clientNames, type ClientName } from './client-names.ts'
import { picture, painter, table } from './picture.ts'
import { planFor, tokenSeconds, type Plan } from './plan.ts'
import { figuresOf, isKept, type LaneRecord } from './record.ts'

const usage = `Usage: pnpm demo [--seconds 30] [--client ${clientNames.join('|')}|all] [--json]`

const fail = (message: string): never => {
  console.error(`${message} ${usage}`)
  process.exit(2)
}

const readArguments = (): { seconds: number; clients: readonly ClientName[]; isJson: boolean } => {
  try {
    const { values } = parseArgs({
      args: process.argv.slice(2).filter((argument) => argument !== '--'),
      options: {
        seconds: { type: 'string', default: '30' },
        client: { type: 'string', default: 'axios' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) {
      console.log(usage)
      process.exit(0)
    }
    const seconds = Number(values.seconds)
    if (!(seconds >= 5 && seconds <= 3600))
      return fail(`--seconds must be 5 to 3600; got ${values.seconds}.`)
    const clients =
      values.client === 'all' ? clientNames : clientNames.filter((name) => name === values.client)
    if (!clients.length) return fail(`--client ${values.client} is unknown.`)
    return { seconds, clients, isJson: values.json }
  } catch (error) {
    return fail((error as Error).message)
  }
}

const { seconds, clients, isJson } = readArguments()
const isTerminal = process.stdout.isTTY && !isJson
const paint = painter(isTerminal && !process.env['NO_COLOR'])
const plan = planFor(seconds)
const say = isJson ? console.error : console.log

say(
  `Tokens of ${tokenSeconds} s, refresh tokens that can be spent once, ${seconds} s of traffic: AWS Amplify and a Cognito user pool on loopback.`,
)

const progressLine = (
  elapsedMs: number,
  lanes: readonly LaneRecord[],
  { disturbances }: Plan,
): string => {
  const now = disturbances.find(({ fromMs, toMs }) => elapsedMs >= fromMs && elapsedMs < toMs)
  const parts = lanes.map((lane) => {
    const { name, requests, failed, refreshes } = figuresOf(lane)
    return `${name}: ${requests} requests, ${failed} failed, ${refreshes} refreshes`
  })
  return `${String(Math.min(seconds, Math.round(elapsedMs / 1000))).padStart(3)} s   ${parts.join('   ')}   ${now?.label ?? ''}`
}

let nextLineMs = 0
const onProgress = (elapsedMs: number, lanes: readonly LaneRecord[]): void => {
  const line = progressLine(elapsedMs, lanes, plan)
  if (isTerminal)
    process.stdout.write(`\r\u001b[2K${line.slice(0, (process.stdout.columns ?? 120) - 1)}`)
  else if (elapsedMs >= nextLineMs) {
    nextLineMs += 5_000
    say(line)
  }
}

// Loaded only now: Amplify and the clients take a while, and something should be seen meanwhile.
const { run } = await import('./run.ts')
const lanes = await run({ plan, clients, onProgress })
const figures = lanes.map(figuresOf)
const kept = figures.filter((_, i) => lanes[i]?.isOurs).every(isKept)

if (isTerminal) process.stdout.write('\r\u001b[2K')
if (isJson) console.log(JSON.stringify({ seconds, tokenSeconds, kept, lanes: figures }, null, 2))
else {
  console.log(`\n${picture(lanes, plan, paint)}\n\n${table(lanes, paint)}\n`)
  for (const { name, errors } of figures) {
    for (const [error, count] of Object.entries(errors)) console.log(`${name}: ${count} x ${error}`)
  }
  console.log(
    kept
      ? paint('green', 'Unexpired: no failed request, no lost session.')
      : paint('red', 'Unexpired has lost a request or a session: that is a bug.'),
  )
}
process.exitCode = kept ? 0 : 1
