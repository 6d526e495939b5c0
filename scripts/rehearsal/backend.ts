import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, inject } from 'vitest'

import type * as emulator from '../../packages/cognito-emulator/src/index.ts'

const lifetimeSeconds = 2

/** What an app is told, as JSON. */
export interface Settings {
  readonly amplify: unknown
  readonly pool: { readonly endpoint: string; readonly clientId: string }
  readonly apiUrl: string
  /** After so long the token has ended. */
  readonly lifetimeMs: number
}

/** A user pool whose tokens end soon, and an API that asks it who a token belongs to. */
export interface Backend {
  readonly settings: Settings
  /** Expects that each request was let in, so many with the first token and then as many with a refreshed one. */
  expectRefreshed(requests: number): void
  close(): Promise<void>
}

let keys: emulator.SigningKeys | undefined

async function userOf(pool: emulator.UserPool, token: string): Promise<string | undefined> {
  const response = await fetch(pool.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.GetUser',
    },
    body: JSON.stringify({ AccessToken: token }),
  })
  return response.ok ? ((await response.json()) as { Username: string }).Username : undefined
}

/** Where the last step of the release installs the emulator. */
export const emulatorApp = join(inject('work'), 'emulator')

/** Starts both, with the emulator that was installed from the registry. */
export async function startBackend(): Promise<Backend> {
  const entry = join(emulatorApp, 'node_modules/@unexpired/cognito-emulator/dist/index.js')
  const { createSigningKeys, createUserPool } = (await import(
    pathToFileURL(entry).href
  )) as typeof emulator
  keys ??= await createSigningKeys()
  const pool = await createUserPool({
    users: { alice: 'secret' },
    accessTokenSeconds: lifetimeSeconds,
    rotation: true,
    signingKeys: keys,
  })
  const seen: { readonly token: string; readonly status: number }[] = []

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume()
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'authorization')
    if (request.method === 'OPTIONS') {
      response.end()
      return
    }
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    const user = await userOf(pool, token)
    response.statusCode = user === undefined ? 401 : 200
    seen.push({ token, status: response.statusCode })
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ data: { user } }))
  }

  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    settings: {
      amplify: pool.amplifyConfig,
      pool: { endpoint: pool.endpoint, clientId: pool.clientId },
      apiUrl: `http://127.0.0.1:${port}`,
      lifetimeMs: lifetimeSeconds * 1000 + 100,
    },
    expectRefreshed(requests) {
      const tokens = [...new Set(seen.map(({ token }) => token))]
      const order = seen.map(({ token, status }) => `${status} token ${tokens.indexOf(token) + 1}`)
      const each = Array.from({ length: requests })
      expect(order).toEqual([...each.map(() => '200 token 1'), ...each.map(() => '200 token 2')])
      const refreshes = pool.log.filter(
        ({ operation }) => operation === 'GetTokensFromRefreshToken',
      )
      expect(refreshes.map(({ outcome, status }) => `${outcome} ${status}`)).toEqual(['ok 200'])
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await pool.close()
    },
  }
}
