import { describe, test } from 'vitest'
import { adapterContract } from '../src/node/index.ts'
import { fetchHarness } from './fetch-harness.ts'
import { withAuth } from './reference-adapter.ts'

adapterContract({ describe, test, harness: fetchHarness(withAuth) })
