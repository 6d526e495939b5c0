import { adapterContract } from '@unexpired/testing/node'
import { describe, test } from 'vitest'

import { ofetchHarness } from '../test/ofetch-harness.ts'

adapterContract({ describe, test, harness: ofetchHarness })
