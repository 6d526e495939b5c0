import type { ServerResponse } from 'node:http'
import type { ReceivedRequest } from './received-request.ts'

/** One request to the loopback API, and what its route needs to answer it. */
export interface Visit {
  readonly received: ReceivedRequest
  readonly query: URLSearchParams
  /** What follows the name of the route in the path. */
  readonly rest: string
  readonly response: ServerResponse
  /** Answers with JSON, wrapped as GraphQL wants it on its routes. */
  json(status: number, body: unknown): void
  /** Refuses with 401, or as GraphQL does over 200. */
  refuse(challenge: string): void
  /** How many requests have come to this very path and query, this one included. */
  readonly visits: number
}

/** Every answer of the loopback API; a route is chosen by the first part of the path. */
export type Route = (visit: Visit) => void

const after = (query: URLSearchParams, callback: () => void): void => {
  setTimeout(callback, Number(query.get('ms') ?? 50)).unref()
}

const echo: Route = ({ received, json }) => {
  const { method, url, headers, user, bodyLength, bodyHash, bodyText } = received
  json(200, { method, url, headers, user, bodyLength, bodyHash, bodyText })
}

const receipt: Route = ({ received: { method, url, bodyLength, bodyHash }, json }) =>
  json(200, { method, url, bodyLength, bodyHash })

/** Routes that answer only to a valid token, unless the query says `public`. */
export const guarded: Readonly<Record<string, Route>> = {
  echo,
  receipt,
  slow: (visit) => after(visit.query, () => receipt(visit)),
  flaky: (visit) => {
    const { query, visits, json } = visit
    const status = Number(query.get('status') ?? 503)
    if (visits > Number(query.get('times') ?? 1)) receipt(visit)
    else json(status, { error: `${status}, for now` })
  },
  stream: ({ query, response }) => {
    const chunks = Number(query.get('chunks') ?? 3)
    response.writeHead(200, { 'content-type': 'text/plain' })
    const send = (i: number): void => {
      if (i >= chunks || response.destroyed) return void response.end()
      response.write(`chunk ${i}\n`)
      setTimeout(send, Number(query.get('ms') ?? 10), i + 1).unref()
    }
    send(0)
  },
  bytes: ({ rest, response }) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': rest })
    response.end(Buffer.alloc(Number(rest), 'x'))
  },
}

/** Routes that look at no token. */
export const open: Readonly<Record<string, Route>> = {
  status: ({ rest, json, response }) => {
    const status = Number(rest)
    if (status === 204 || status === 304) response.writeHead(status).end()
    else json(status, { status })
  },
  refuse: ({ query, refuse }) => refuse(query.get('challenge') ?? 'Bearer error="invalid_token"'),
  redirect: ({ query, response }) => {
    response.writeHead(Number(query.get('status') ?? 302), { location: query.get('to') ?? '/echo' })
    response.end()
  },
  'bad-json': ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end('{"cut off')
  },
  html: ({ query, response }) => {
    response.writeHead(Number(query.get('status') ?? 200), { 'content-type': 'text/html' })
    response.end('<!doctype html><title>A proxy</title>')
  },
  drop: ({ response }) => void response.destroy(),
  hang: () => {},
}
