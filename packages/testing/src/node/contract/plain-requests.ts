import { bodyOf } from './body-contents.ts'
import type { AdapterCapabilities, ContractRequest, ContractResult } from './harness.ts'
import type { World } from './world.ts'

/** Sends a request, through the adapter or without it. */
export type SendPlainly = (
  path: string,
  request?: Omit<ContractRequest, 'path'>,
) => Promise<ContractResult>

/** A request whose outcome has nothing to do with tokens. */
export interface PlainRequest {
  readonly name: string
  readonly needs?: ((can: AdapterCapabilities) => boolean) | undefined
  run(send: SendPlainly, world: World): Promise<ContractResult>
}

const get = (
  name: string,
  path: string,
  request?: Omit<ContractRequest, 'path'>,
): PlainRequest => ({
  name,
  run: (send) => send(path, request),
})

const redirected = (status: number, method: string): PlainRequest => ({
  name: `a ${method} that is redirected by ${status}`,
  needs: (can) => can.redirects && (method === 'GET' || can.bodies.includes('text')),
  run: (send) => {
    const body = method === 'GET' ? {} : { body: bodyOf('text') }
    return send(`/redirect?status=${status}&to=/receipt?public`, { method, ...body })
  },
})

export const plainRequests = (can: AdapterCapabilities): readonly PlainRequest[] => {
  const all: readonly PlainRequest[] = [
    get('no headers', '/receipt?public'),
    get('headers in an object', '/receipt?public', {
      headers: { 'x-one': '1', 'X-Two': 'two, three' },
    }),
    get('headers in a list', '/receipt?public', {
      headers: [
        ['x-one', '1'],
        ['x-one', '2'],
      ],
    }),
    get('headers in Headers', '/receipt?public', {
      headers: new Headers({ 'x-one': '1', accept: 'text/plain' }),
    }),
    get('an empty header', '/receipt?public', { headers: { 'x-empty': '' } }),
    get('a query', '/receipt?public&a=1&a=2&empty=&word=%C3%BC%20%26'),
    get('a path with escapes', '/receipt/a%2Fb/%C3%BC?public'),
    get('a fragment', '/receipt?public#part'),
    ...['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) =>
      get(`the method ${method}`, '/receipt?public', { method }),
    ),
    ...can.bodies.map((kind): PlainRequest => ({
      name: `a body of ${kind}`,
      run: (send) => send('/receipt?public', { method: 'POST', body: bodyOf(kind) }),
    })),
    ...[204, 400, 403, 404, 409, 422, 500, 502].map((status) =>
      get(`the status ${status}`, `/status/${status}`, { method: 'POST' }),
    ),
    get('a 503 that passes', '/flaky?public'),
    get('a 503 that does not', '/flaky?public&times=100'),
    redirected(302, 'GET'),
    redirected(302, 'POST'),
    redirected(303, 'POST'),
    redirected(307, 'POST'),
    redirected(308, 'PUT'),
    {
      name: 'a redirect elsewhere',
      needs: ({ redirects }) => redirects,
      run: (send, { elsewhere }) =>
        send(`/redirect?to=${encodeURIComponent(`${elsewhere.origin}/receipt?public`)}`),
    },
    {
      name: 'an absolute URL',
      needs: ({ absoluteUrls }) => absoluteUrls,
      run: (send, { elsewhere }) => send(`${elsewhere.origin}/receipt?public`),
    },
    get('half of a JSON answer', '/bad-json'),
    get('a page in place of JSON', '/html'),
    get('a page with an error', '/html?status=502', { method: 'POST' }),
    get('an answer in pieces', '/stream?public'),
    get('a large answer', '/bytes/300000?public'),
    get('a slow answer', '/slow?public'),
    get('a connection that is cut', '/drop', { method: 'POST' }),
    get('a time limit that is kept', '/slow?public', { timeoutMs: 2_000 }),
    get('a time limit that is not', '/slow?public&ms=2000', { method: 'POST', timeoutMs: 300 }),
    {
      name: 'an abort on the way',
      needs: ({ abort }) => abort,
      run: async (send, { api }) => {
        const stop = new AbortController()
        const held = api.hold('/receipt')
        const result = send('/receipt?public', { signal: stop.signal })
        await held.arrived
        stop.abort()
        return result
      },
    },
    {
      name: 'an abort before it starts',
      needs: ({ abort }) => abort,
      run: (send) => send('/receipt?public', { signal: AbortSignal.abort() }),
    },
    {
      name: 'a signal that stays silent',
      needs: ({ abort }) => abort,
      run: (send) => send('/receipt?public', { signal: new AbortController().signal }),
    },
    {
      name: 'an authorization of one’s own',
      needs: ({ ownHeader }) => ownHeader,
      run: (send) => send('/receipt', { headers: { Authorization: 'Basic b3duOm93bg==' } }),
    },
  ]
  return all.filter(({ needs }) => needs?.(can) ?? true)
}
