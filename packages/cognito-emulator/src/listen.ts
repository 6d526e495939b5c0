import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on loopback. */
export interface Listening {
  readonly port: number
  /** To be called in the same turn, before the first request can come in. */
  serve(handle: RequestListener): void
  /** Stops listening and cuts every connection, answered or not. */
  close(): Promise<void>
}

/** Listens on 127.0.0.1, and nowhere else: this server knows passwords and speaks no TLS. */
export async function listen(port: number): Promise<Listening> {
  const server = createServer()
  await listening(server, port)
  return {
    port: (server.address() as AddressInfo).port,
    serve: (handle) => void server.on('request', handle),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const message = `Cannot listen on port ${port} (${cause.code}). Choose another port, or 0 for any free one.`
      reject(new Error(message, { cause }))
    })
    server.listen(port, '127.0.0.1', () => resolve())
  })
}
