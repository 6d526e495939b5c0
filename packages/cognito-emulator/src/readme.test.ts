import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'

import { Amplify } from 'aws-amplify'
import { fetchAuthSession, signIn } from 'aws-amplify/auth'
import { expect, test, vi } from 'vitest'

import { HELP } from './command-line.ts'
import { createUserPool } from './index.ts'

const README = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8')

test('the first example runs and prints what it says', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const [, example, output] = /```ts\n(.*?)```\n\n```\n(.*?)```/s.exec(
    README,
  ) as unknown as string[]
  const printed: unknown[] = []
  const scope = {
    createUserPool,
    Amplify,
    fetchAuthSession,
    signIn,
    console: { log: (value: unknown) => printed.push(value) },
  }
  const withoutImports = (example as string).replace(/^import .*\n/gm, '')
  await runInNewContext(`(async () => {${withoutImports}})()`, scope)
  expect(printed).toEqual([runInNewContext(output as string)])
})

test('every flag of the command is in the README', () => {
  const flags = [...HELP.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag as string)
  expect(flags.filter((flag) => !README.includes(`\`${flag}`))).toEqual([])
})
