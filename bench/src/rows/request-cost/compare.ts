import type { Bench, Line } from '../../line.ts'
import { interleave, type Runner } from '../../interleave.ts'
import { median } from '../../statistics.ts'
import { createProvider } from '../../world/provider.ts'
import type { World } from '../../world/world.ts'

/** A client in one of three forms: bare, with a trivial async hook, or with somebody's token handling. */
export interface Candidate extends Runner {
  readonly role: Line['role']
  /** What the others are held against; each kind of request has one. */
  readonly isHook?: boolean
}

/** The world of a request that costs nothing: a signed-in user, and a network that answers at once. */
export const stillWorld = (): World => {
  const { issue } = createProvider(() => Date.now())
  return {
    origin: 'https://api.example.com',
    fetch: async () =>
      new Response('{"ok":true}', { headers: { 'content-type': 'application/json' } }),
    adapter: async (config) => ({
      data: '{"ok":true}',
      status: 200,
      statusText: 'OK',
      headers: {},
      config,
    }),
    tokens: issue(),
  }
}

/** A body as apps send it. */
export const thing = {
  name: 'a thing',
  tags: ['one', 'two'],
  size: { width: 3, height: 4 },
  note: 'x'.repeat(200),
}

/** The trivial async hook: a token that is there, through one promise. */
export const constantHeader = async (): Promise<string> => 'Bearer constant'

/** Compares the candidates on one kind of request. */
export const compare = async (
  { progress, quick }: Bench,
  work: string,
  candidates: readonly Candidate[],
): Promise<readonly Line[]> => {
  const rounds = quick ? 5 : 31
  const times = await interleave(candidates, {
    rounds,
    roundMs: quick ? 5 : 40,
    onRound: (round) => progress(`${work}: round ${round + 1} of ${rounds}`),
  })
  const hook = candidates.find(({ isHook }) => isHook) as Candidate
  const ofHook = times.get(hook) ?? []
  return candidates.map((candidate): Line => {
    const { name, role } = candidate
    const own = times.get(candidate) ?? []
    const ratio = median(own.map((ns, round) => ns / (ofHook[round] ?? NaN)))
    const limit = median(ofHook) / 1000
    return {
      work,
      measure: 'cost of a request',
      unit: 'µs',
      subject: name,
      role,
      // The median of the ratios, which a busy neighbour does not move, in the unit of the limit.
      value: candidate.isHook ? limit : ratio * limit,
      limit,
      bar: role === 'ours' ? { ratio: 1.1 } : undefined,
    }
  })
}
