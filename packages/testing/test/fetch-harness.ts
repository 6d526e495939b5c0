import type { Authorizer } from '@unexpired/core'
import type { AdapterHarness, ContractRequest } from '../src/node/index.ts'
import type { Send } from './reference-adapter.ts'

export interface FetchClient {
  readonly baseUrl: string
  readonly send: Send
}

/** A client that repeats a GET once that was answered 503. */
const retrying =
  (send: Send): Send =>
  async (url, init) => {
    const response = await send(url, init)
    if (response.status !== 503 || init.method !== undefined) return response
    await response.arrayBuffer()
    return send(url, init)
  }

const initOf = ({ body, timeoutMs, signal, ...rest }: ContractRequest): Parameters<Send>[1] => {
  const signals = [signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)]
  const [first, second] = signals.filter((each) => each !== undefined)
  const stop = first && second ? AbortSignal.any([first, second]) : first
  const headers = new Headers(rest.headers)
  if (body?.kind === 'json') headers.set('content-type', 'application/json')
  return {
    ...(rest.method !== undefined && { method: rest.method }),
    ...(rest.tokenAuth !== undefined && { tokenAuth: rest.tokenAuth }),
    ...(stop && { signal: stop }),
    headers,
    ...(body && {
      body: body.kind === 'json' ? JSON.stringify(body.content) : (body.content as BodyInit),
      ...(body.kind === 'stream' && { duplex: 'half' as const }),
    }),
  }
}

/** Plain fetch, driven as the suite wants it, through any adapter for it. */
export const fetchHarness = (
  withAuth: (send: Send, policy: Authorizer) => Send,
): AdapterHarness<FetchClient> => {
  const through = (send: Send, policy: Authorizer | undefined): Send =>
    policy ? withAuth(send, policy) : send
  return {
    create: ({ baseUrl, policy }) => ({
      baseUrl,
      send: retrying(through((url, init) => fetch(url, init), policy)),
    }),
    createObserved: ({ baseUrl, policy }, onSend) => ({
      baseUrl,
      send: through(() => {
        onSend()
        return new Promise<Response>(() => {})
      }, policy),
    }),
    request: async ({ baseUrl, send }, request) => {
      try {
        const response = await send(new URL(request.path, baseUrl).href, initOf(request))
        const { status, headers } = response
        return { status, headers: Object.fromEntries(headers), body: await response.text() }
      } catch (error) {
        return { error }
      }
    },
  }
}
