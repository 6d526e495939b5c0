/** How a server closed a socket. A `CloseEvent` is one. */
export interface SocketClose {
  /** The status code of the close frame (RFC 6455, 7.1.5). */
  readonly code: number
  /** The words that the server gave with it, at most 123 bytes; often empty (RFC 6455, 7.1.6). */
  readonly reason: string
}

/** What is used of a WebSocket: the platform's, or the one of the npm package ws. */
export interface Socket {
  readonly url: string
  readonly readyState: number
  onclose: ((event: SocketClose) => void) | null
  onerror: ((error: unknown) => void) | null
  send(data: string): void
  close(code?: number): void
  addEventListener(type: 'close', listener: () => void): void
}

/** `WebSocket.OPEN`. */
const open = 1

export const isOpen = ({ readyState }: Socket): boolean => readyState === open

/** The origin of a socket is judged as that of its handshake, which is an HTTP request (RFC 6455, 4.1). */
export const handshakeUrl = (url: string): string => url.replace(/^ws/i, 'http')
