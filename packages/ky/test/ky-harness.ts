import { withAuth } from '@unexpired/ky'
import type {
  AdapterCapabilities,
  AdapterHarness,
  ClientContext,
  ContractResult,
} from '@unexpired/testing/node'
import ky, { HTTPError, type KyInstance, type Options } from 'ky'

import { isKy1 } from './is-ky-1.ts'

/** Ky 1 does not tell that a body is a stream: see bodies.test.ts. */
export const capabilities: Partial<AdapterCapabilities> = isKy1
  ? {
      bodies: ['text', 'json', 'search-params', 'form-data', 'blob', 'array-buffer', 'typed-array'],
    }
  : {}

const baseUrls = new WeakMap<KyInstance, string>()

const create = ({ baseUrl, policy }: ClientContext, options?: Options): KyInstance => {
  const bare = ky.create({ retry: { limit: 1, delay: () => 1 }, ...options })
  const client = policy ? withAuth(bare, policy) : bare
  baseUrls.set(client, baseUrl)
  return client
}

const resultOf = async (response: Response): Promise<ContractResult> => ({
  status: response.status,
  headers: Object.fromEntries(response.headers),
  ...(!response.bodyUsed && { body: await response.text() }),
})

/** How the contract drives ky. Addresses are absolute: the option for a base URL changed its name in ky 2. */
export const kyHarness: AdapterHarness<KyInstance> = {
  create: (context) => create(context),
  createObserved: (context, onSend) =>
    create(context, { fetch: () => (onSend(), new Promise(() => {})) }),
  async request(client, { path, method, headers, body, signal, timeoutMs, tokenAuth }) {
    try {
      const response = await client(new URL(path, baseUrls.get(client)), {
        ...(method !== undefined && { method }),
        ...(headers && { headers }),
        ...(body && { [body.kind === 'json' ? 'json' : 'body']: body.content }),
        ...(signal && { signal }),
        ...(timeoutMs !== undefined && { timeout: timeoutMs }),
        tokenAuth,
      })
      return await resultOf(response)
    } catch (error) {
      return { ...(error instanceof HTTPError && (await resultOf(error.response))), error }
    }
  },
}
