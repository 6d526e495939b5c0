import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { ExecutionResult } from 'graphql'
import { createSchema, execute, type TestSchema } from './schema.ts'

/** What arrived at the server. */
export interface Arrived {
  readonly authorization: string | undefined
  readonly body: string
  readonly url: string
}

/** What the server answers in place of executing the document. */
export interface Canned {
  readonly status?: number
  readonly type?: string
  readonly body: string
}

export interface GraphqlServer extends TestSchema {
  readonly url: string
  readonly origin: string
  readonly http: Server
  readonly arrived: Arrived[]
  close(): Promise<void>
}

/** How a server refuses a token: before executing anything, or in the resolvers that need it. */
export type Refusal = 'resolvers' | Canned

/** A body as servers send it that refuse before they execute. */
export const refusal = (code: string): Canned => ({
  body: JSON.stringify({ errors: [{ message: 'Refused', extensions: { code } }] }),
})

interface Operation {
  readonly query: string
  readonly variables?: Record<string, unknown>
  readonly operationName?: string
}

const fromQuery = (query: URLSearchParams): object => ({
  query: query.get('query'),
  variables: JSON.parse(query.get('variables') ?? '{}') as unknown,
})

/** A GraphQL server on loopback: single documents by POST and GET, and batches. */
export const serveGraphql = async (
  isAccepted: (authorization: unknown) => boolean,
  refuse: Refusal = 'resolvers',
): Promise<GraphqlServer> => {
  const test = createSchema()
  const arrived: Arrived[] = []

  const run = (operation: Operation, isAuthenticated: boolean): Promise<ExecutionResult> =>
    execute({
      schema: test.schema,
      source: operation.query,
      variableValues: operation.variables ?? null,
      operationName: operation.operationName ?? null,
      contextValue: { isAuthenticated },
    })

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { authorization } = request.headers
    const body = await text(request)
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    arrived.push({ authorization, body, url: url.href })
    const isAuthenticated = isAccepted(authorization)
    if (!isAuthenticated && refuse !== 'resolvers') {
      response.writeHead(refuse.status ?? 200, {
        'content-type': refuse.type ?? 'application/json',
      })
      response.end(refuse.body)
      return
    }
    const asked = (request.method === 'GET' ? fromQuery(url.searchParams) : JSON.parse(body)) as
      | Operation
      | Operation[]
    const result = Array.isArray(asked)
      ? await Promise.all(asked.map((one) => run(one, isAuthenticated)))
      : await run(asked, isAuthenticated)
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
    response.end(JSON.stringify(result))
  }

  const http = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  return {
    ...test,
    url: `${origin}/graphql`,
    origin,
    http,
    arrived,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
}
