import { adapterContract } from '@unexpired/testing/node'
import { describe, test } from 'vitest'
import { contracts } from '../test/contracts.ts'

describe.each(contracts)('%s', (_, options) => {
  adapterContract({ describe, test, ...options })
})
