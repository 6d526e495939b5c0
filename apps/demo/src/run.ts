import { Worker } from 'node:worker_threads'
import { createUserPool, type UserPool } from '@unexpired/cognito-emulator'
import { startApi } from './api.ts'
import type { ClientName } from './client-names.ts'
import type { LaneData, LaneNews } from './lane.ts'
import { tokenSeconds, type Plan } from './plan.ts'
import type { LaneRecord } from './record.ts'

/** What runs beside what. */
export interface RunOptions {
  readonly plan: Plan
  readonly clients: readonly ClientName[]
  /** Called a few times a second while it runs. */
  onProgress(elapsedMs: number, lanes: readonly LaneRecord[]): void
}

/** Sets the disturbances of the plan on the pool as their time comes. */
const disturb = (pool: UserPool, { disturbances }: Plan): (() => void) => {
  const operation = 'GetTokensFromRefreshToken'
  const timers = disturbances.flatMap(({ kind, fromMs, toMs }) => {
    if (kind === 'idle') return []
    let fault: ReturnType<UserPool['fail']> | undefined
    const begin = (): void => {
      fault = pool.fail({
        operation,
        with: kind === 'outage' ? { kind: 'html', status: 503 } : { kind: 'drop' },
      })
    }
    return [setTimeout(begin, fromMs), setTimeout(() => fault?.clear(), toMs)]
  })
  return () => timers.forEach((timer) => clearTimeout(timer))
}

/** Amplify is one per process, so that each lane has a thread of its own. */
const startLane = (data: LaneData): Worker => {
  const worker = new Worker(new URL('./lane.js', import.meta.url), {
    workerData: data,
    stderr: true,
  })
  // Amplify warns of any endpoint that is not Amazon's; everything else is worth seeing.
  worker.stderr.on('data', (text: Buffer) => {
    if (!String(text).includes('custom')) process.stderr.write(text)
  })
  return worker
}

const nextMessage = (worker: Worker, type: LaneNews['type']): Promise<void> =>
  new Promise((resolve, reject) => {
    worker.on('error', reject)
    worker.on('message', (news: LaneNews) => {
      if (news.type === type) resolve()
    })
  })

/** Runs the plan in all lanes at once, against one pool and one API. */
export const run = async ({
  plan,
  clients,
  onProgress,
}: RunOptions): Promise<readonly LaneRecord[]> => {
  const names = [...clients, 'pasted'] as const
  const password = 'Secret-1'
  const pool = await createUserPool({
    users: Object.fromEntries(names.map((name) => [name, password])),
    accessTokenSeconds: tokenSeconds,
    idTokenSeconds: tokenSeconds,
    rotation: { graceSeconds: 0, revokeFamilyOnReuse: true },
  })
  const api = await startApi(pool)
  const lanes = names.map((client) => ({
    user: client,
    worker: startLane({
      client,
      user: client,
      password,
      apiUrl: api.url,
      amplify: pool.amplifyConfig,
      requests: plan.requests,
    }),
    record: {
      name: client === 'pasted' ? 'the pasted interceptor' : `unexpired with ${client}`,
      isOurs: client !== 'pasted',
      requests: [],
      refreshes: [],
      lost: [],
      refused: 0,
    } as LaneRecord,
  }))
  const records = lanes.map(({ record }) => record)
  try {
    await Promise.all(lanes.map(({ worker }) => nextMessage(worker, 'ready')))
    pool.clearLog()
    const start = Date.now()
    for (const { worker, record } of lanes) {
      worker.on('message', (news: LaneNews) => {
        if (news.type === 'request') record.requests.push(news)
        if (news.type === 'session-lost') record.lost.push(news.atMs)
      })
    }
    pool.subscribe(({ operation, user, at, outcome }) => {
      const lane = lanes.find((candidate) => candidate.user === user)
      if (operation === 'GetTokensFromRefreshToken')
        lane?.record.refreshes.push({ atMs: at - start, isOk: outcome === 'ok' })
    })
    const calm = disturb(pool, plan)
    const ticker = setInterval(() => onProgress(Date.now() - start, records), 250)
    const done = Promise.all(lanes.map(({ worker }) => nextMessage(worker, 'done')))
    for (const { worker } of lanes) worker.postMessage(start)
    await done
    clearInterval(ticker)
    calm()
    for (const { user, record } of lanes) record.refused = api.refusedOf(user)
    return records
  } finally {
    await Promise.all(lanes.map(({ worker }) => worker.terminate()))
    await Promise.all([pool.close(), api.close()])
  }
}
