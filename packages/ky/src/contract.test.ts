import { adapterContract } from '@unexpired/testing/node'
import { describe, test } from 'vitest'

import { capabilities, kyHarness } from '../test/ky-harness.ts'

adapterContract({ describe, test, harness: kyHarness, capabilities })
