import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { adapterContract } from '../src/node/index.ts'
import { axiosCapabilities, axiosHarness } from './axios-harness.ts'
import { knownToFail } from './known-to-fail.ts'
import known from './mutants/known.json' with { type: 'json' }
import { tableOf } from './mutants/table.ts'
import { wrongCores } from './mutants/wrong-cores.ts'
import { registered } from './registered.ts'

const read = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8')

test('the first example of the README is a test that runs here', () => {
  expect(read('README.md')).toContain(read('test/overnight.test.ts'))
})

test('the README says how many cases the widespread pattern fails', () => {
  const harness = axiosHarness(() => {})
  const cases = registered((framework) =>
    adapterContract({ ...framework, harness, capabilities: axiosCapabilities }),
  )
  expect(read('README.md')).toContain(`fails ${knownToFail.length} of ${cases.length}`)
})

test('the page about a token source of one’s own is a test that runs here', () => {
  expect(read('README.md')).toContain(read('test/own-source.test.ts'))
})

test('the README has every wrong core, and how many schedules it took', () => {
  expect(read('README.md')).toContain(tableOf(known))
  expect(known.map(({ name }) => name)).toEqual(wrongCores.map(({ name }) => name))
})
