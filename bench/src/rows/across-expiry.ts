import { contenders } from '../contenders/index.ts'
import type { Line, Row } from '../line.ts'
import { quantile } from '../statistics.ts'
import { virtualWorld } from '../world/virtual.ts'

const work = 'steady traffic across an expiry'
const apiLatencyMs = 20
const stepMs = 10

/**
 * Ten minutes around the end of a token of an hour, a request every 100 ms, an API that takes 20 ms and a
 * token endpoint that takes 300: on a virtual clock, so that what is late was waiting, and for nothing else.
 */
export const row: Row = async ({ progress }) => {
  const lines: Line[] = []
  for (const contender of contenders) {
    const { name: subject, role, note } = contender
    progress(`${work}: ${subject}`)
    // Seven minutes before its end, so that every buffer begins in what follows.
    const world = virtualWorld({ apiLatencyMs, refreshLatencyMs: 300 }, 53 * 60_000)
    const worker = await contender.begin(world)
    const tookMs: number[] = []
    let failed = 0
    for (let tick = 0; tick < 6_000; tick++) {
      const since = Date.now()
      worker.send('/thing').then(
        (status) => void (status === 200 ? tookMs.push(Date.now() - since) : failed++),
        () => void failed++,
      )
      await world.advance(100, stepMs)
    }
    await world.advance(2_000, stepMs)
    worker.close?.()
    world.close()
    const p50 = quantile(tookMs, 0.5)
    const line = { work, subject, role, note }
    const none = role === 'ours' ? { value: 0 } : undefined
    lines.push(
      {
        ...line,
        measure: 'requests that waited',
        unit: '',
        value: tookMs.filter((ms) => ms > p50 + stepMs).length,
        limit: 0,
        bar: none,
      },
      {
        ...line,
        measure: 'p99 against p50',
        unit: '×',
        value: quantile(tookMs, 0.99) / p50,
        limit: 1,
        bar: role === 'ours' ? { ratio: 1.1 } : undefined,
      },
      {
        ...line,
        measure: 'slowest against p50',
        unit: '×',
        value: quantile(tookMs, 1) / p50,
        limit: 1,
      },
      { ...line, measure: 'failed', unit: '', value: failed, limit: 0, bar: none },
    )
  }
  return lines
}
