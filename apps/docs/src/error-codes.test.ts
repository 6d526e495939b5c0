import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { actions, errorCodes } from './error-codes.ts'

const core = readFileSync(new URL('../../../packages/core/src/errors.ts', import.meta.url), 'utf8')

test('each error code of core has a page, and no other has', () => {
  const union = /type TokenErrorCode =([^=]*?)\n\n/.exec(core)?.[1] ?? ''
  const codes = [...union.matchAll(/'([a-z-]+)'/g)].map(([, code]) => code)
  expect(codes.length).toBeGreaterThan(20)
  expect(errorCodes.map(({ code }) => code)).toEqual(codes)
})

test('each code has a kind that says what to do', () => {
  for (const { kind } of errorCodes) expect(actions).toHaveProperty(kind)
})
