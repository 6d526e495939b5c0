import { contenders } from '../contenders/index.ts'
import type { Line, Row } from '../line.ts'
import { virtualWorld } from '../world/virtual.ts'

const work = 'tokens of 300 s, a request each second for an hour'
const lifetimeMs = 300_000

/** Cognito's shortest tokens, under steady traffic, on a virtual clock. */
export const row: Row = async ({ progress }) => {
  const lines: Line[] = []
  for (const contender of contenders) {
    const { name: subject, role, note } = contender
    progress(`${work}: ${subject}`)
    const world = virtualWorld({ lifetimeMs, refreshLatencyMs: 50 })
    const worker = await contender.begin(world)
    let failed = 0
    for (let second = 0; second < 3_600; second++) {
      worker.send('/thing').then(
        (status) => void (failed += Number(status !== 200)),
        () => void failed++,
      )
      await world.advance(1_000, 250)
    }
    worker.close?.()
    const { refreshes, refusals } = world.provider.counts
    world.close()
    const line = { work, unit: '', subject, role, note }
    lines.push(
      // Every 240 s with a fifth of the lifetime as buffer: 15 in an hour.
      {
        ...line,
        measure: 'refreshes',
        value: refreshes,
        limit: 15,
        bar: role === 'ours' ? { value: 16 } : undefined,
      },
      {
        ...line,
        measure: 'refusals',
        value: refusals,
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
    )
  }
  return lines
}
