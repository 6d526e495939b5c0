import {
  adapterContract,
  type AdapterCapabilities,
  type AdapterHarness,
} from '@unexpired/testing/node'
import type { AxiosInstance } from 'axios'
import axiosRetry from 'axios-retry'
import { describe, test } from 'vitest'

import { axiosHarness } from '../test/axios-harness.ts'
import { adapters, bodiesOfOldFetch, isNewest, minor } from '../test/version.ts'

/** What axios cannot do, whatever we do: its limit counts from when a request is sent. */
const capabilities: Partial<AdapterCapabilities> = { timeout: false }

const ofFetch: Partial<AdapterCapabilities> = {
  // It does not show where an answer came from: see send.test.ts.
  redirects: false,
  // Before 1.14 an abort was no CanceledError here.
  ...(minor < 14 && { abort: false }),
  ...(minor < 16 && { bodies: bodiesOfOldFetch }),
}

describe.each(adapters)('axios with its %s adapter', (adapter) => {
  adapterContract({
    describe,
    test,
    harness: axiosHarness(adapter),
    capabilities: { ...capabilities, ownRetry: false, ...(adapter === 'fetch' && ofFetch) },
  })
})

/** Its interceptor is asynchronous: axios then adds one turn for each interceptor, whatever it does. */
const unobserved = (harness: AdapterHarness<AxiosInstance>): AdapterHarness<AxiosInstance> => ({
  create: harness.create,
  request: harness.request,
})

const orders = [
  ['before', (own: () => void, authorize: () => void) => (own(), authorize())],
  ['after', (own: () => void, authorize: () => void) => (authorize(), own())],
] as const

describe.each(isNewest ? orders : [])(
  'axios with axios-retry, put on %s the policy',
  (_, inOrder) => {
    const harness = axiosHarness('http', (instance, authorize) => {
      inOrder(() => axiosRetry(instance), authorize)
    })
    adapterContract({ describe, test, harness: unobserved(harness), capabilities })
  },
)
