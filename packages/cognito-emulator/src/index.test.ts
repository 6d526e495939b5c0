import { expect, test } from 'vitest'
import * as entry from './index.ts'

test('the package gives a pool and the keys for many', () => {
  expect(new Set(Object.keys(entry))).toEqual(new Set(['createUserPool', 'createSigningKeys']))
})
