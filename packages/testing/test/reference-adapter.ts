import { TokenError } from '@unexpired/core'
import type { AuthHeader, Authorizer } from '@unexpired/core'
import type { FetchFunction } from '../src/node/index.ts'

/**
 * The smallest adapter that keeps the contract, for fetch with an address as text: it shows what the
 * suite asks for, and its broken copies show that each case can fail.
 */
export const withAuth =
  (send: FetchFunction, policy: Authorizer): FetchFunction =>
  async (input, init: RequestInit & { tokenAuth?: boolean } = {}) => {
    const url = typeof input === 'string' ? input : 'href' in input ? input.href : input.url
    const headers = new Headers(init.headers)
    if (init.tokenAuth === false || !policy.covers(url) || headers.has(policy.headerName)) {
      return send(url, init)
    }
    const signal = init.signal ?? undefined
    const isBound = policy.headerName !== 'authorization'

    const attempt = async (header: AuthHeader | undefined): Promise<Response> => {
      if (!header) return send(url, init)
      headers.set(header.name, header.value)
      const response = await send(url, { ...init, headers, ...(isBound && { redirect: 'manual' }) })
      if (isBound && response.headers.has('location'))
        throw new TokenError('redirected', 'The server redirects. Call the final address.')
      return response
    }

    const word = policy.authorize({ url, signal })
    const rejected = word && 'then' in word ? await word : word
    const response = await attempt(rejected)
    const replayable = !(init.body instanceof ReadableStream)
    const again = await policy.recover({ url, signal, rejected, response, replayable })
    if (!again) return response
    await response.arrayBuffer()
    return attempt(again)
  }
