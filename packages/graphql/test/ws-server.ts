import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer, type WebSocket } from 'ws'
import { createSchema, type TestSchema } from './schema.ts'

/** How a server refuses a connection: 4403, as graphql-ws does when `onConnect` gives false, or by hand. */
export interface WsServerOptions {
  readonly refuseWith?: { readonly code: number; readonly reason: string }
  /** How long a client may take to send `connection_init`, ms. */
  readonly initWaitMs?: number
}

export interface WsServer extends TestSchema {
  readonly url: string
  readonly origin: string
  /** The payload of each `connection_init`, accepted or not. */
  readonly inits: (Readonly<Record<string, unknown>> | undefined)[]
  /** How the client closed each socket that it closed. */
  readonly closes: { readonly code: number; readonly reason: string }[]
  /** What carries each socket, in the order of opening. */
  readonly connections: Duplex[]
  /** The sockets that are open now. */
  sockets(): WebSocket[]
  close(): Promise<void>
}

/** The server of graphql-ws on loopback, which judges the token in the payload of `connection_init`. */
export const serveWs = async (
  isAccepted: (authorization: unknown) => boolean,
  { refuseWith, initWaitMs = 3_000 }: WsServerOptions = {},
): Promise<WsServer> => {
  const test = createSchema()
  const inits: WsServer['inits'] = []
  const closes: WsServer['closes'] = []
  const connections: Duplex[] = []

  const http = createServer()
  const wss = new WebSocketServer({ server: http, path: '/graphql' })
  useServer<Record<string, unknown>>(
    {
      schema: test.schema,
      connectionInitWaitTimeout: initWaitMs,
      context: { isAuthenticated: true },
      onConnect({ connectionParams, extra }) {
        inits.push(connectionParams)
        if (isAccepted(connectionParams?.['authorization'])) return true
        if (!refuseWith) return false
        extra.socket.close(refuseWith.code, refuseWith.reason)
        return new Promise(() => {})
      },
    },
    wss,
  )
  wss.on('connection', (socket) => {
    socket.on('close', (code, reason) => closes.push({ code, reason: String(reason) }))
  })
  http.on('upgrade', (_request, connection: Duplex) => connections.push(connection))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  return {
    ...test,
    url: `ws://127.0.0.1:${port}/graphql`,
    origin: `http://127.0.0.1:${port}`,
    inits,
    closes,
    connections,
    sockets: () => [...wss.clients],
    close: () =>
      new Promise((resolve) => {
        for (const socket of wss.clients) socket.terminate()
        wss.close(() => http.close(() => resolve()))
      }),
  }
}
