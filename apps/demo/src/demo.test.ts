import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { clientNames } from './client-names.ts'
import type { LaneFigures } from './record.ts'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

const demo = async (
  ...args: string[]
): Promise<{ code: number | null; out: string; err: string }> => {
  const child = spawn(process.execPath, [main, ...args])
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => (out += text))
  child.stderr.on('data', (text) => (err += text))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, out, err }
}

test('every client lives through expiry, an outage and dropped connections; the pasted interceptor does not', async () => {
  const { code, out } = await demo('--seconds', '12', '--client', 'all', '--json')
  const { lanes, kept } = JSON.parse(out) as { lanes: LaneFigures[]; kept: boolean }
  const pasted = lanes.at(-1)!
  expect(lanes.map(({ name }) => name)).toEqual([
    ...clientNames.map((name) => `unexpired with ${name}`),
    'the pasted interceptor',
  ])
  for (const { name, requests, failed, errors, sessionsLost, refreshes } of lanes.slice(0, -1)) {
    expect({ name, requests, failed, errors, sessionsLost }).toEqual({
      name,
      requests: pasted.requests,
      failed: 0,
      errors: {},
      sessionsLost: 0,
    })
    expect(refreshes).toBeLessThan(pasted.refreshes)
    expect(refreshes).toBeGreaterThan(0)
  }
  // The control: without failures on its side the disturbances would have proved nothing.
  expect(pasted.failed).toBeGreaterThan(0)
  expect({ code, kept }).toEqual({ code: 0, kept: true })
}, 60_000)

test('a wrong argument is said in one sentence', async () => {
  expect(await demo('--client', 'xhr')).toMatchObject({ code: 2, out: '' })
  expect((await demo('--seconds', 'soon')).err).toContain('--seconds must be 5 to 3600')
})
