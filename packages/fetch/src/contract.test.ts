import { adapterContract, fetchHarness } from '@unexpired/testing/node'
import { describe, test } from 'vitest'

import { withAuth } from './with-auth.ts'

adapterContract({ describe, test, harness: fetchHarness(withAuth) })
