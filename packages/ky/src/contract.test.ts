import { adapterContract } from '@unexpired/testing/node'
import { describe, test } from 'vitest'

import { kyHarness } from '../test/ky-harness.ts'

adapterContract({ describe, test, harness: kyHarness })
