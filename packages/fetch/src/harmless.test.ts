import { doNoHarm, fetchHarness } from '@unexpired/testing/node'
import { describe, test } from 'vitest'
import { scenes } from '../test/scenes.ts'
import { withAuth } from './with-auth.ts'

doNoHarm({ describe, test, harness: fetchHarness(withAuth), scenes })
