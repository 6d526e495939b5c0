import type { AdapterCapabilities, AdapterHarness, ContractOptions } from '@unexpired/testing/node'
import type { AxiosInstance } from 'axios'
import axiosRetry from 'axios-retry'
import { axiosHarness } from './axios-harness.ts'
import { adapters, bodiesOfOldFetch, isNewest, minor } from './version.ts'

/** What axios cannot do, whatever we do: its limit counts from when a request is sent. */
const capabilities: Partial<AdapterCapabilities> = { timeout: false }

const ofFetch: Partial<AdapterCapabilities> = {
  // It does not show where an answer came from: see send.test.ts.
  redirects: false,
  // Before 1.14 an abort was no CanceledError here.
  ...(minor < 14 && { abort: false }),
  ...(minor < 16 && { bodies: bodiesOfOldFetch }),
}

/** Its interceptor is asynchronous: axios then adds one turn for each interceptor, whatever it does. */
const unobserved = (harness: AdapterHarness<AxiosInstance>): AdapterHarness<AxiosInstance> => ({
  create: harness.create,
  request: harness.request,
})

const orders = [
  ['before', (own: () => void, authorize: () => void) => (own(), authorize())],
  ['after', (own: () => void, authorize: () => void) => (authorize(), own())],
] as const

/** Every way of axios that the contract is kept in, by name. */
export const contracts: readonly (readonly [string, ContractOptions<AxiosInstance>])[] = [
  ...adapters.map(
    (adapter) =>
      [
        `axios with its ${adapter} adapter`,
        {
          harness: axiosHarness(adapter),
          capabilities: { ...capabilities, ownRetry: false, ...(adapter === 'fetch' && ofFetch) },
        },
      ] as const,
  ),
  ...(isNewest ? orders : []).map(([name, inOrder]) => {
    const harness = axiosHarness('http', (instance, authorize) => {
      inOrder(() => axiosRetry(instance), authorize)
    })
    return [
      `axios with axios-retry, put on ${name} the policy`,
      { harness: unobserved(harness), capabilities },
    ] as const
  }),
]
