import { TokenError } from '@unexpired/core'
import type { AuthHeader, Authorizer } from '@unexpired/core'

export type Send = (url: string, init: RequestInit & { tokenAuth?: boolean }) => Promise<Response>

const isOneShot = (body: unknown): boolean => body instanceof ReadableStream

/**
 * The smallest adapter that keeps the contract, for plain fetch with a URL: it shows what the suite
 * asks for, and its broken copies show that each case can fail.
 */
export const withAuth =
  (send: Send, policy: Authorizer): Send =>
  async (url, { tokenAuth, ...init }) => {
    const headers = new Headers(init.headers)
    if (tokenAuth === false || !policy.covers(url) || headers.has(policy.headerName))
      return send(url, init)
    const signal = init.signal ?? undefined
    const isBound = policy.headerName !== 'authorization'

    const attempt = async (header: AuthHeader | undefined): Promise<Response> => {
      if (!header) return send(url, init)
      headers.set(header.name, header.value)
      const response = await send(url, { ...init, headers, ...(isBound && { redirect: 'manual' }) })
      if (
        isBound &&
        response.status >= 300 &&
        response.status < 400 &&
        response.headers.has('location')
      )
        throw new TokenError('redirected', 'The server redirects. Call the final address.')
      return response
    }

    const word = policy.authorize({ url, signal })
    const rejected = word && 'then' in word ? await word : word
    const response = await attempt(rejected)
    const replayable = !isOneShot(init.body)
    const again = await policy.recover({ url, signal, rejected, response, replayable })
    if (!again) return response
    await response.arrayBuffer()
    return attempt(again)
  }
