import { expect, test } from 'vitest'
import knownJson from './mutants/known.json' with { type: 'json' }
import type { Catch } from './mutants/hunt.ts'
import { huntAll } from './mutants/hunters.ts'
import { patched } from './mutants/wrong-core.ts'
import { wrongCores } from './mutants/wrong-cores.ts'

const known: readonly Catch[] = knownJson
const names = wrongCores.map(({ name }) => name)

// Each is tried with the seed that found it last time. Where core or the schedules have moved on, the
// hunt goes through all seeds, which takes minutes: then run `pnpm simulate:mutants --write`.
test('the simulator finds every wrong core', { timeout: 1_800_000 }, async () => {
  const seeds = new Map(known.map(({ name, seed }) => [name, seed]))
  const catches = await huntAll({
    names,
    most: 20_000,
    processes: 2,
    known: (name) => seeds.get(name),
  })
  expect(catches.filter(({ seed }) => seed === undefined)).toEqual([])
  expect(catches.length).toBe(names.length)
})

test('there are wrong cores enough, and no name twice', () => {
  expect(names.length).toBeGreaterThanOrEqual(25)
  expect(new Set(names).size).toBe(names.length)
})

test('a change that fits core no longer fails loudly', async () => {
  const patch = { file: 'policy.ts', find: 'no such line', replace: '' }
  expect(() => patched('some other lines', patch)).toThrow('In policy.ts there is 0 times')
  expect(() => patched('twice twice', { ...patch, find: 'twice' })).toThrow('is 2 times')
})
