import { withAuth } from '@unexpired/ofetch'
import type { AdapterHarness, ClientContext, ContractResult } from '@unexpired/testing/node'
import {
  createFetch,
  type FetchError,
  type $Fetch,
  type Fetch,
  type FetchOptions,
  type FetchResponse,
} from 'ofetch'

const create = ({ baseUrl: baseURL, policy }: ClientContext, fetch?: Fetch): $Fetch => {
  const bare = createFetch({
    defaults: { baseURL },
    fetch: fetch ?? ((...call) => globalThis.fetch(...call)),
  })
  return policy ? withAuth(bare, policy) : bare
}

const resultOf = ({ status, headers, _data: body }: FetchResponse<unknown>): ContractResult => ({
  status,
  headers: Object.fromEntries(headers),
  body,
})

/** How the contract drives ofetch. An absolute URL needs `baseURL` out of the way. */
export const ofetchHarness: AdapterHarness<$Fetch> = {
  create: (context) => create(context),
  createObserved: (context, onSend) => create(context, () => (onSend(), new Promise(() => {}))),
  async request(client, { path, method, headers, body, signal, timeoutMs, tokenAuth }) {
    const options: FetchOptions = {
      ...(method !== undefined && { method }),
      ...(headers && { headers }),
      ...(body && { body: body.content as BodyInit }),
      ...(signal && { signal }),
      ...(timeoutMs !== undefined && { timeout: timeoutMs }),
      ...(path.startsWith('http') && { baseURL: '' }),
      tokenAuth,
    }
    try {
      return resultOf(await client.raw(path, options))
    } catch (error) {
      const { response } = error as FetchError
      return { ...(response && resultOf(response)), error }
    }
  },
}
