import { doNoHarm } from '@unexpired/testing/node'
import { describe, test } from 'vitest'
import { ofetchHarness } from '../test/ofetch-harness.ts'
import { scenes } from '../test/scenes.ts'

doNoHarm({ describe, test, harness: ofetchHarness, scenes })
