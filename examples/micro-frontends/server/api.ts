import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { UserPool } from '@unexpired/cognito-emulator'
import { createRemoteJWKSet, jwtVerify } from 'jose'

/** An API on an origin of its own. */
export interface Api {
  readonly url: string
  /** How many requests it has answered, by status. */
  readonly answered: Readonly<Record<number, number>>
  close(): Promise<void>
}

const data: Readonly<Record<string, unknown>> = {
  '/orders': [
    { number: 1042, item: 'Bicycle bell' },
    { number: 1043, item: 'Tyre lever, set of 3' },
    { number: 1044, item: 'Chain oil' },
  ],
  '/stock': [
    { item: 'Bicycle bell', left: 12 },
    { item: 'Tyre lever, set of 3', left: 4 },
    { item: 'Chain oil', left: 31 },
  ],
  '/reviews': [
    { stars: 5, text: 'Rings as it should.' },
    { stars: 4, text: 'Good oil, bad cap.' },
    { stars: 5, text: 'Never flat again.' },
  ],
}

/** Starts it: it verifies signature, issuer and end of each token, and refuses what is not good. */
export const startApi = async (pool: UserPool): Promise<Api> => {
  const keys = createRemoteJWKSet(new URL(pool.jwksUri))
  const answered: Record<number, number> = {}

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'authorization')
    response.setHeader('access-control-max-age', '600')
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end()
      return
    }
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    const isGood = await jwtVerify(token, keys, { issuer: pool.issuer }).then(
      () => true,
      () => false,
    )
    const found = data[request.url ?? '']
    response.statusCode = !isGood ? 401 : found ? 200 : 404
    answered[response.statusCode] = (answered[response.statusCode] ?? 0) + 1
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(isGood && found ? found : {}))
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
