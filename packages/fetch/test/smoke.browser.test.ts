import { expect, test } from 'vitest'

import * as core from '@unexpired/core'
import * as fetchAdapter from '@unexpired/fetch'

test('core and the fetch adapter load in a browser, from their sources', () => {
  expect(navigator.userAgent).toContain('Chrome')
  expect('process' in globalThis).toBe(false)
  expect(core.isTokenError(new Error('not one of ours'))).toBe(false)
  expect(Object.keys(fetchAdapter)).toContain('withAuth')
})
