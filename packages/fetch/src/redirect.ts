import { TokenError } from '@unexpired/core'
import { hasBody, isReplayable } from './body.ts'
import { discard } from './discard.ts'
import { requestOf, urlOf, type FetchLike } from './fetch-like.ts'

/** The headers that describe a body which a redirect has dropped. */
const ofBody = ['content-encoding', 'content-language', 'content-length', 'content-location', 'content-type']

/** What another origin must not see either, when it is no longer the platform that follows. */
const ofOrigin = ['authorization', 'cookie', 'host', 'proxy-authorization']

const isRedirect = (response: Response): boolean => [301, 302, 303, 307, 308].includes(response.status)

/**
 * A fetch that drops a custom token header when a redirect changes the origin, as every fetch drops
 * `Authorization` by itself. It follows redirects where the runtime shows them (Node, Deno, Bun,
 * workers); a browser hides them, and then the call fails with `redirected` instead of leaking.
 *
 * The rules are those of HTTP-redirect fetch, https://fetch.spec.whatwg.org/#http-redirect-fetch.
 */
export const bindToOrigin =
  (send: FetchLike, headerName: string): FetchLike =>
  async (input, init = {}) => {
    const request = requestOf(input)
    if ((init.redirect ?? request?.redirect ?? 'follow') !== 'follow') return send(input, init)

    let spare = request && init.body == null && hasBody(request) ? request.clone() : undefined
    let response = await send(input, { ...init, redirect: 'manual' })
    if (response.type === 'opaqueredirect') {
      throw new TokenError(
        'redirected',
        `The server redirects, and the browser would carry the ${headerName} header along. Call the final address, or send the token in the authorization header.`,
      )
    }
    if (!isRedirect(response)) return response

    const headers = new Headers(init.headers)
    let method = (init.method ?? request?.method ?? 'GET').toUpperCase()
    let { body = null } = init
    let url = new URL(urlOf(input))
    for (let hops = 0; isRedirect(response); hops++) {
      const location = response.headers.get('location')
      if (location === null) break
      await discard(response)
      const next = new URL(location, url)
      next.hash ||= url.hash
      if (response.status === 303 ? !/^(GET|HEAD)$/.test(method) : response.status < 303 && method === 'POST') {
        method = 'GET'
        body = null
        spare = undefined
        for (const name of ofBody) headers.delete(name)
      }
      if (hops === 20 || !/^https?:$/.test(next.protocol) || !isReplayable(body)) {
        throw new TypeError('The redirect cannot be followed: too many, not to http, or with a body that is spent.')
      }
      if (spare) body = await spare.arrayBuffer()
      spare = undefined
      if (next.origin !== url.origin) for (const name of [headerName, ...ofOrigin]) headers.delete(name)
      url = next
      const { cache, credentials, integrity, keepalive, signal } = request ?? init
      const kept = request && { cache, credentials, integrity, keepalive, signal }
      response = await send(url.href, { ...kept, ...init, method, headers, body, redirect: 'manual' } as RequestInit)
      Object.defineProperty(response, 'redirected', { value: true })
    }
    return response
  }
