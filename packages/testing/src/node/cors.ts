import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Lets any page read everything, and answers a preflight. Returns whether the request was one.
 * https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export const allowEveryPage = (request: IncomingMessage, response: ServerResponse): boolean => {
  const { origin } = request.headers
  if (origin === undefined) return false
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-allow-credentials', 'true')
  // With credentials, `*` would be a name and no wildcard.
  response.setHeader('access-control-expose-headers', 'www-authenticate, retry-after, location')
  response.setHeader('vary', 'origin')
  if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method'])
    return false
  response.setHeader(
    'access-control-allow-methods',
    request.headers['access-control-request-method'],
  )
  const { 'access-control-request-headers': wanted } = request.headers
  if (wanted !== undefined) response.setHeader('access-control-allow-headers', wanted)
  response.writeHead(204).end()
  return true
}
