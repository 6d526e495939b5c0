import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { adapterContract } from '../src/node/index.ts'
import { axiosCapabilities, axiosHarness } from './axios-harness.ts'
import { knownToFail } from './known-to-fail.ts'
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
