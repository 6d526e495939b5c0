import type { Contender } from '../contenders/contender.ts'
import { cpuNs } from '../cpu-clock.ts'
import type { Line, Row } from '../line.ts'
import { median } from '../statistics.ts'
import { loopback } from '../world/loopback.ts'
import { spend } from '../world/world.ts'
import type { World } from '../world/world.ts'

/** One refresh and then the requests, by whoever has a token in hand: no less can be done. */
const limits: Readonly<Record<'axios' | 'fetch', Contender>> = {
  axios: {
    name: 'one refresh, then axios with a constant header',
    role: 'limit',
    async begin(world: World) {
      const { default: axios } = await import('axios')
      const client = axios.create({ baseURL: world.origin })
      let flight: Promise<string> | undefined
      return {
        async send(path) {
          flight ??= spend(world, world.tokens.refreshToken).then(
            ({ accessToken }) => `Bearer ${accessToken}`,
          )
          const authorization = await flight
          return (await client.get(path, { headers: { authorization } })).status
        },
      }
    },
  },
  fetch: {
    name: 'one refresh, then fetch with a constant header',
    role: 'limit',
    begin(world: World) {
      let flight: Promise<string> | undefined
      return {
        async send(path) {
          flight ??= spend(world, world.tokens.refreshToken).then(
            ({ accessToken }) => `Bearer ${accessToken}`,
          )
          const authorization = await flight
          const answer = await world.fetch(world.origin + path, { headers: { authorization } })
          await answer.arrayBuffer()
          return answer.status
        },
      }
    },
  },
}

interface Outcome {
  /** On the wall, and of this thread. */
  readonly ms: number
  readonly cpuMs: number
  readonly failed: number
  readonly refreshes: number
  readonly refusals: number
}

/** Some never settle; they have this long. */
const patienceMs = 120_000

/** Everybody asks at the moment at which the token has just expired. */
export const herdOf =
  (size: number, who: readonly Contender[]): Row =>
  async ({ progress, quick }) => {
    const servers = await loopback()
    const onAxios = /axios|pattern/
    const everybody = [limits.axios, limits.fetch, ...who]
    const outcomes = new Map<Contender, Outcome[]>(everybody.map((one) => [one, []]))
    const rounds = quick ? 1 : size > 1_000 ? 3 : 15

    const rush = async (contender: Contender, callers: number): Promise<Outcome> => {
      const world = await servers.begin(3_601_000)
      const worker = await contender.begin(world)
      let failed = 0
      let timer: NodeJS.Timeout | undefined
      const since = performance.now()
      const cpuSince = cpuNs()
      const all = Array.from({ length: callers }, () =>
        worker.send('/thing').then(
          (status) => void (failed += Number(status !== 200)),
          () => void failed++,
        ),
      )
      const gaveUp = new Promise((resolve) => (timer = setTimeout(resolve, patienceMs)))
      await Promise.race([Promise.all(all), gaveUp])
      clearTimeout(timer)
      const ms = performance.now() - since
      const cpuMs = (cpuNs() - cpuSince) / 1e6
      worker.close?.()
      const { refreshes, refusals } = await servers.count()
      return { ms, cpuMs, failed, refreshes, refusals }
    }

    // Until the engine has compiled what all share, whoever comes first pays for it.
    for (const contender of [...everybody, ...everybody]) {
      progress(`herd of ${size}: warming up, ${contender.name}`)
      await rush(contender, 200)
    }
    for (let round = 0; round < rounds; round++) {
      const turned = everybody.map(
        (_, at) => everybody[(at + round) % everybody.length] as Contender,
      )
      for (const contender of round % 2 ? turned.toReversed() : turned) {
        progress(`herd of ${size}: round ${round + 1} of ${rounds}, ${contender.name}`)
        outcomes.get(contender)?.push(await rush(contender, size))
      }
    }
    servers.close()

    const middle = (contender: Contender, of: keyof Outcome): number =>
      median((outcomes.get(contender) ?? []).map((outcome) => outcome[of]))
    return everybody.flatMap((contender): Line[] => {
      const { name: subject, role, note } = contender
      const limit = onAxios.test(subject) ? limits.axios : limits.fetch
      const failed = middle(contender, 'failed')
      const line = { work: `herd of ${size.toLocaleString('en')}`, unit: '', subject, role, note }
      // Against the limit of the same round, so that a busy machine is busy for both.
      const ratio = (of: 'ms' | 'cpuMs'): number =>
        median(
          (outcomes.get(contender) ?? []).map(
            (outcome, round) => outcome[of] / (outcomes.get(limit)?.[round]?.[of] ?? NaN),
          ),
        )
      return [
        {
          ...line,
          measure: 'refreshes',
          value: middle(contender, 'refreshes'),
          limit: 1,
          bar: role === 'ours' ? { value: 1 } : undefined,
        },
        {
          ...line,
          measure: 'refusals',
          value: middle(contender, 'refusals'),
          limit: 0,
          bar: role === 'ours' ? { value: 0 } : undefined,
        },
        {
          ...line,
          measure: 'failed',
          value: failed,
          limit: 0,
          bar: role === 'ours' ? { value: 0 } : undefined,
        },
        {
          ...line,
          measure: 'time over the limit',
          unit: '×',
          value: failed ? undefined : ratio('ms'),
          limit: 1,
          bar: role === 'ours' ? { value: 1.1 } : undefined,
        },
        {
          ...line,
          measure: 'processor time over the limit',
          unit: '×',
          value: failed ? undefined : ratio('cpuMs'),
          limit: 1,
        },
        {
          ...line,
          measure: 'time',
          unit: 'ms',
          value: failed ? undefined : middle(contender, 'ms'),
          limit: middle(limit, 'ms'),
        },
      ]
    })
  }
