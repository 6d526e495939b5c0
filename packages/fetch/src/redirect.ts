import { TokenError } from '@unexpired/core'
import { keep } from './body.ts'
import { discard } from './discard.ts'
import { isRequest, type FetchLike } from './fetch-like.ts'

/**
 * Follows redirects as fetch does, by the rules of HTTP-redirect fetch, and drops the token and all
 * other credentials when the origin changes. Where the runtime hides redirects, as browsers do, nothing
 * can be followed without leaking. https://fetch.spec.whatwg.org/#http-redirect-fetch
 *
 * @param redirect - the answer that may be one
 * @param input - what was sent, with a body that is whole
 * @param init - how it was sent
 * @param headerName - the header that holds the token
 * @throws `TokenError` with the code `redirected` where a redirect is hidden.
 */
export const follow = async (
  redirect: Response,
  send: FetchLike,
  input: string | URL | Request,
  init: RequestInit,
  headerName: string,
): Promise<Response> => {
  if (redirect.type === 'opaqueredirect') {
    throw new TokenError(
      'redirected',
      `A redirect would carry the ${headerName} header elsewhere. Call the final address, or send the token in the authorization header.`,
    )
  }
  let response = redirect
  const request = isRequest(input) ? input : undefined
  const headers = new Headers(init.headers)
  const signal = (init.signal === undefined ? request?.signal : init.signal) ?? null
  let method = (init.method ?? request?.method ?? 'GET').toUpperCase()
  let body = init.body ?? request?.body ?? null
  let url = new URL(isRequest(input) ? input.url : input)
  for (let hops = 0; ; hops++) {
    const { status } = response
    const location = response.headers.get('location')
    if (![301, 302, 303, 307, 308].includes(status) || location === null) return response

    await discard(response)
    const next = new URL(location, url)
    if (status === 303 ? !/^(GET|HEAD)$/.test(method) : status < 303 && method === 'POST') {
      method = 'GET'
      body = null
      const names = [...headers.keys()]
      for (const name of names) if (name.startsWith('content-')) headers.delete(name)
    }
    if (body && body === request?.body) body = await request.arrayBuffer()
    if (hops === 20 || !/^https?:$/.test(next.protocol) || keep(body) === undefined)
      throw new TypeError('This redirect cannot be followed, by the rules of fetch.')
    if (next.origin !== url.origin)
      for (const name of [headerName, 'authorization', 'cookie', 'host', 'proxy-authorization'])
        headers.delete(name)
    url = next
    response = await send(url.href, { ...init, signal, method, headers, body, redirect: 'manual' })
    Object.defineProperty(response, 'redirected', { value: true })
  }
}
