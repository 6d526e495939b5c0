import type { Policy } from '@unexpired/core'
import type { AdapterHarness, ClientContext, ContractRequest } from './harness.ts'

/** Any function that is called and answers as `fetch` does. */
export type FetchFunction = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** As an app may do it around the adapter: a GET that was answered 503 is repeated once. */
const repeated = async (send: FetchFunction, url: string, init: RequestInit): Promise<Response> => {
  const response = await send(url, init)
  if (response.status !== 503 || init.method !== undefined) return response
  await response.arrayBuffer()
  return send(url, init)
}

const initOf = (request: ContractRequest): RequestInit => {
  const { method, body, timeoutMs, signal, tokenAuth } = request
  const stop = timeoutMs === undefined ? signal : AbortSignal.timeout(timeoutMs)
  let { headers } = request
  if (body?.kind === 'json') {
    headers = new Headers(headers)
    headers.set('content-type', 'application/json')
  }
  return {
    ...(method !== undefined && { method }),
    ...(headers && { headers }),
    ...(tokenAuth !== undefined && { tokenAuth }),
    ...(stop && { signal: stop }),
    ...(body && {
      body: body.kind === 'json' ? JSON.stringify(body.content) : (body.content as BodyInit),
      ...(body.kind === 'stream' && { duplex: 'half' }),
    }),
  }
}

/**
 * A harness for adapters that wrap `fetch`, so that such an adapter's whole test is two lines.
 *
 * @param withAuth - The adapter: given a fetch and a policy, gives a fetch with tokens.
 *
 * @example
 * ```ts
 * import { withAuth } from '@unexpired/fetch'
 * import { adapterContract, fetchHarness } from '@unexpired/testing/node'
 * import { describe, test } from 'vitest'
 *
 * adapterContract({ describe, test, harness: fetchHarness(withAuth) })
 * ```
 */
export const fetchHarness = (
  withAuth: (send: FetchFunction, policy: Policy) => FetchFunction,
): AdapterHarness<FetchFunction> => {
  const baseUrls = new WeakMap<FetchFunction, string>()
  const create = (send: FetchFunction, { baseUrl, policy }: ClientContext): FetchFunction => {
    // What the adapter gives is the client itself, so that it is seen whether the adapter lets go of it.
    const client = policy
      ? withAuth(send, policy)
      : (...call: Parameters<FetchFunction>) => send(...call)
    baseUrls.set(client, baseUrl)
    return client
  }
  return {
    create: (context) => create(fetch, context),
    createObserved: (context, onSend) =>
      create(() => {
        onSend()
        return new Promise<Response>(() => {})
      }, context),
    request: async (client, request) => {
      try {
        const url = new URL(request.path, baseUrls.get(client)).href
        const response = await repeated(client, url, initOf(request))
        const { status, headers } = response
        return { status, headers: Object.fromEntries(headers), body: await response.text() }
      } catch (error) {
        return { error }
      }
    },
  }
}
