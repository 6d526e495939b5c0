import { contenders } from '../contenders/index.ts'
import type { Line, Row } from '../line.ts'
import { virtualWorld } from '../world/virtual.ts'

const work = 'identity provider down, token good for 4 minutes more'
const requests = 230

/** A request each second until shortly before the token ends; every refresh is answered with a 503. */
export const row: Row = async ({ progress }) => {
  const lines: Line[] = []
  for (const contender of contenders) {
    const { name: subject, role, note } = contender
    progress(`${work}: ${subject}`)
    const world = virtualWorld({ refreshLatencyMs: 50, isDown: true }, 56 * 60_000)
    const worker = await contender.begin(world)
    let failed = requests
    for (let second = 0; second < requests; second++) {
      worker.send('/thing').then(
        (status) => void (failed -= Number(status === 200)),
        () => {},
      )
      await world.advance(1_000, 250)
    }
    worker.close?.()
    const { refreshes } = world.provider.counts
    world.close()
    const line = { work, unit: '', subject, role, note }
    lines.push(
      {
        ...line,
        measure: `failed of ${requests}`,
        value: failed,
        limit: 0,
        bar: role === 'ours' ? { value: 0 } : undefined,
      },
      { ...line, measure: 'refreshes tried', value: refreshes },
    )
  }
  return lines
}
