import { doNoHarm } from '@unexpired/testing/node'
import { describe, test } from 'vitest'
import { kyHarness } from '../test/ky-harness.ts'
import { scenes } from '../test/scenes.ts'

doNoHarm({ describe, test, harness: kyHarness, scenes })
