import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A server on loopback, at a port of its own. */
export interface Listening {
  /** As `http://127.0.0.1:51234`. */
  readonly origin: string
  /** How many connections are open now. */
  readonly openSockets: number
  /** How many connections were ever opened. */
  readonly socketsOpened: number
  /** Stops, and cuts whatever is open. */
  close(): Promise<void>
}

export const listen = async (onRequest: RequestListener): Promise<Listening> => {
  const server = createServer(onRequest)
  const open = new Set<Socket>()
  let socketsOpened = 0
  server.on('connection', (socket) => {
    open.add(socket)
    socketsOpened += 1
    socket.once('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    get openSockets() {
      return open.size
    },
    get socketsOpened() {
      return socketsOpened
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
