import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { patched } from './mutants/wrong-core.ts'
import { wrongCores } from './mutants/wrong-cores.ts'

// Each wrong core is tried with the seed that found it last time; where core or the schedules have
// moved on, the hunt goes through the others.
test('the simulator finds every wrong core', { timeout: 1_800_000 }, async () => {
  const script = fileURLToPath(new URL('mutants.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@unexpired/source', script, '--known'])
  let out = ''
  child.stdout.on('data', (text) => (out += text))
  child.stderr.on('data', (text) => (out += text))
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect({ code, out: code ? out : '' }).toEqual({ code: 0, out: '' })
  expect(out).toContain(`${wrongCores.length} of ${wrongCores.length} wrong cores were found`)
})

test('there are wrong cores enough, and no name twice', () => {
  const names = wrongCores.map(({ name }) => name)
  expect(names.length).toBeGreaterThanOrEqual(25)
  expect(new Set(names).size).toBe(names.length)
})

test('a change that fits no longer fails loudly', () => {
  const patch = { file: 'policy.ts', find: 'no such line', replace: '' }
  expect(() => patched('some other lines', patch)).toThrow('In policy.ts there is 0 times')
  expect(() => patched('twice twice', { ...patch, find: 'twice' })).toThrow('is 2 times')
})
