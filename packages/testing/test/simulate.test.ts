import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { runSchedule, scheduleOf, simulate } from '@unexpired/testing/simulator'
import { expect, test } from 'vitest'

test('twenty thousand schedules break no rule', { timeout: 900_000 }, async () => {
  const script = fileURLToPath(new URL('simulate.ts', import.meta.url))
  const args = ['--conditions=@unexpired/source', script, '--runs', '20000', '--seed', '1']
  const child = spawn(process.execPath, args)
  let out = ''
  child.stdout.on('data', (text) => (out += text))
  child.stderr.on('data', (text) => (out += text))
  const code = await new Promise((resolve) => child.on('close', resolve))
  expect(out).toContain('20000 of 20000 schedules')
  expect({ code, out: code ? out : '' }).toEqual({ code: 0, out: '' })
})

test('a schedule is data, and gives the same run each time', async () => {
  const schedule = scheduleOf(7)
  expect(JSON.parse(JSON.stringify(schedule))).toEqual(schedule)
  expect(scheduleOf(7)).toEqual(schedule)
  const [first, second] = [await runSchedule(schedule), await runSchedule(schedule)]
  expect(first.entries.length).toBeGreaterThan(5)
  expect(second).toEqual(first)
})

test('what breaks a rule is shrunk, printed, and replays', { timeout: 60_000 }, async () => {
  const { createPolicy } = await import('@unexpired/core')
  const { failure } = await simulate({
    runs: 2_000,
    // A policy that answers every refusal with the token that was refused.
    create: (options) => {
      const policy = createPolicy(options)
      return {
        ...policy,
        recover: ({ rejected, response }) => (response.status === 401 ? rejected : undefined),
      }
    },
  })
  expect(failure?.violations.join()).toContain('rule 2')
  expect(failure!.schedule.steps.length).toBeLessThan(6)
  expect(failure!.text).toContain(`runSchedule(${JSON.stringify(failure!.schedule)})`)
})
