import { adapterContract, type AdapterCapabilities } from '@unexpired/testing/node'
import axiosRetry from 'axios-retry'
import { describe, test } from 'vitest'

import { axiosHarness } from '../test/axios-harness.ts'
import { adapters, minor } from '../test/version.ts'

/** What axios cannot do, whatever we do: its limit counts from when a request is sent. */
const capabilities: Partial<AdapterCapabilities> = { timeout: false }

const ofFetch: Partial<AdapterCapabilities> = {
  // It does not show where an answer came from: see send.test.ts.
  redirects: false,
  // Before 1.14 an abort was no CanceledError here, and before 1.16 a form lost its boundary.
  ...(minor < 14 && { abort: false }),
  ...(minor < 16 && { bodies: ['text', 'json', 'search-params', 'blob', 'stream'] }),
}

describe.each(adapters)('axios with its %s adapter', (adapter) => {
  adapterContract({
    describe,
    test,
    harness: axiosHarness(adapter),
    capabilities: { ...capabilities, ownRetry: false, ...(adapter === 'fetch' && ofFetch) },
  })
})

describe('axios with axios-retry', () => {
  // Its interceptor is asynchronous: axios then adds one turn for each interceptor, whatever it does.
  const { createObserved: _, ...first } = axiosHarness('http', (instance, authorize) => {
    axiosRetry(instance)
    authorize()
  })
  const { createObserved: __, ...last } = axiosHarness('http', (instance, authorize) => {
    authorize()
    axiosRetry(instance)
  })
  describe('put on before the policy', () => {
    adapterContract({ describe, test, harness: first, capabilities })
  })
  describe('put on after the policy', () => {
    adapterContract({ describe, test, harness: last, capabilities })
  })
})
