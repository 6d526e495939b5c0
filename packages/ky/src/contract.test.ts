import { adapterContract } from '@unexpired/testing/node'
import { describe, test } from 'vitest'

import { isKy1 } from '../test/is-ky-1.ts'
import { kyHarness } from '../test/ky-harness.ts'

// Ky 1 does not tell that a body is a stream: see bodies.test.ts.
const bodies = [
  'text',
  'json',
  'search-params',
  'form-data',
  'blob',
  'array-buffer',
  'typed-array',
] as const
const capabilities = isKy1 ? { bodies } : {}

adapterContract({ describe, test, harness: kyHarness, capabilities })
