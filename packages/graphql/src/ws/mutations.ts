import type { Socket } from './socket.ts'

/** The mutations that were sent over a socket and have no answer yet. */
export interface Mutations {
  /** Whether an answer is awaited. */
  areInFlight(): boolean
  /** To be told of every message from the server. */
  received(message: { readonly type: string; readonly id?: string }): void
}

interface ClientMessage {
  readonly type: string
  readonly id?: string
  readonly payload?: { readonly query?: unknown }
}

/**
 * Keeps count of the mutations on a socket, because graphql-ws sends every open operation again after a
 * reconnect: a socket must not be left for a new token while it could mean that something is done twice.
 *
 * A document that so much as contains the word counts as a mutation.
 */
export const trackMutations = (socket: Socket, onIdle: () => void): Mutations => {
  const inFlight = new Set<string>()
  const end = (id: string): void => {
    if (inFlight.delete(id) && !inFlight.size) onIdle()
  }

  const send = socket.send.bind(socket)
  socket.send = (data) => {
    const { type, id = '', payload } = JSON.parse(data) as ClientMessage
    if (type === 'subscribe' && /\bmutation\b/.test(String(payload?.query))) inFlight.add(id)
    send(data)
    if (type === 'complete') end(id)
  }

  return {
    areInFlight: () => inFlight.size > 0,
    received: ({ type, id = '' }) => {
      if (type === 'complete' || type === 'error') end(id)
    },
  }
}
