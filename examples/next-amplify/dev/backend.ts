/** A Cognito user pool and an API that verifies its tokens, on this machine. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createUserPool, type UserPool, type UserPoolOptions } from '@unexpired/cognito-emulator'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'

export const userPoolId = 'us-east-1_Emulator1'
/** Amplify's adapter for Next.js accepts no other. */
export const issuer = `https://cognito-idp.us-east-1.amazonaws.com/${userPoolId}`

export interface Entry {
  readonly at: number
  readonly kind: 'request' | 'refresh' | 'sign-in'
  readonly user: string
  readonly outcome: string
}

export interface Backend {
  readonly pool: UserPool
  readonly apiUrl: string
  /** What the API and the user pool were asked, in order. */
  readonly activity: readonly Entry[]
  close(): Promise<void>
}

interface BackendOptions extends UserPoolOptions {
  readonly apiPort: number
}

const userOf = (token: string): string => {
  try {
    return String(decodeJwt(token).username)
  } catch {
    return 'nobody'
  }
}

export const startBackend = async ({ apiPort, ...options }: BackendOptions): Promise<Backend> => {
  const pool = await createUserPool({
    users: { alice: 'secret', bob: 'secret' },
    issuer,
    userPoolId,
    accessTokenSeconds: 20,
    idTokenSeconds: 20,
    rotation: true,
    ...options,
  })
  const keys = createRemoteJWKSet(new URL(pool.jwksUri))
  const activity: Entry[] = []
  let number = 1000
  pool.subscribe(({ operation, user = '', outcome, at }) => {
    if (operation === 'GetTokensFromRefreshToken')
      activity.push({ at, kind: 'refresh', user, outcome })
    if (operation === 'RespondToAuthChallenge')
      activity.push({ at, kind: 'sign-in', user, outcome })
  })

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    request.resume()
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'authorization, content-type')
    response.setHeader('content-type', 'application/json')
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    if (request.url === '/activity') return void response.end(JSON.stringify(activity.slice(-500)))
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    const user = userOf(token)
    const valid = await jwtVerify(token, keys, { issuer }).catch(() => undefined)
    activity.push({ at: Date.now(), kind: 'request', user, outcome: valid ? '200' : '401' })
    if (valid) return void response.end(JSON.stringify({ user, number: ++number }))
    response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end('{}')
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(apiPort, '127.0.0.1', resolve))
  return {
    pool,
    apiUrl: `http://127.0.0.1:${apiPort}`,
    activity,
    async close() {
      server.close()
      server.closeAllConnections()
      await pool.close()
    },
  }
}
