import { contenders } from '../contenders/index.ts'
import type { Line, Row } from '../line.ts'
import { loopback } from '../world/loopback.ts'

const late = 20
const work = `late refusals: ${late} requests`

/**
 * The token is refused though it has not expired. Twenty requests that left with it are answered only
 * after another one has brought a new token: they need no refresh of their own.
 */
export const row: Row = async ({ progress }) => {
  const servers = await loopback()
  const lines: Line[] = []
  for (const contender of contenders) {
    const { name: subject, role, note } = contender
    progress(`${work}: ${subject}`)
    const world = await servers.begin(600_000)
    const worker = await contender.begin(world)
    await worker.send('/thing')
    await servers.revoke(world.tokens.accessToken)
    await servers.conduct({ isHolding: true })
    let failed = 0
    const requests = Array.from({ length: late }, () =>
      worker.send('/thing').then(
        (status) => void (failed += Number(status !== 200)),
        () => void failed++,
      ),
    )
    while ((await servers.count()).held < late)
      await new Promise((resolve) => setTimeout(resolve, 5))
    // One that is refused at once, and brings a new token; whoever holds back new requests gets no further.
    await servers.release('/first')
    await Promise.race([
      worker.send('/first').catch(() => {}),
      new Promise((resolve) => setTimeout(resolve, 1_000)),
    ])
    const { refreshes: first } = await servers.count()
    await servers.conduct({ isHolding: false })
    await Promise.race([
      Promise.all(requests),
      new Promise((resolve) => setTimeout(resolve, 5_000)),
    ])
    const { refreshes } = await servers.count()
    worker.close?.()
    const line = { work, unit: '', subject, role, note, limit: 0 }
    const bar = role === 'ours' ? { value: 0 } : undefined
    lines.push(
      { ...line, measure: 'further refreshes', value: refreshes - Math.min(first, 1), bar },
      { ...line, measure: 'failed', value: failed, bar },
    )
  }
  servers.close()
  return lines
}
