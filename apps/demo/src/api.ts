import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'

/** An API on loopback that lets in who has a valid access token, and nobody else. */
export interface Api {
  readonly url: string
  /** How many requests of a user it has refused. */
  refusedOf(user: string): number
  close(): Promise<void>
}

/** Who is behind a refused token, for the counters: unverified. */
const userOf = (token: string): string => {
  try {
    return String(decodeJwt(token)['username'])
  } catch {
    return 'nobody'
  }
}

/** Starts the API: it verifies signature, issuer and expiry of each token, as a resource server does. */
export const startApi = async ({
  issuer,
  jwksUri,
}: {
  issuer: string
  jwksUri: string
}): Promise<Api> => {
  const keys = createRemoteJWKSet(new URL(jwksUri))
  const refused = new Map<string, number>()

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    request.resume()
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    try {
      const { payload } = await jwtVerify(token, keys, { issuer })
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ data: { user: payload['username'] } }))
    } catch {
      const user = userOf(token)
      refused.set(user, (refused.get(user) ?? 0) + 1)
      response.statusCode = 401
      response.setHeader('www-authenticate', 'Bearer error="invalid_token"')
      response.end()
    }
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refusedOf: (user) => refused.get(user) ?? 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
