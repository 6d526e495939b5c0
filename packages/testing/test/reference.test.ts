import { describe, test } from 'vitest'
import { adapterContract, fetchHarness } from '../src/node/index.ts'
import { withAuth } from './reference-adapter.ts'

adapterContract({ describe, test, harness: fetchHarness(withAuth) })
