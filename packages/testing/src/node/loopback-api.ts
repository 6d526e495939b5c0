import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AccessCheck } from '@unexpired/testing'
import { allowEveryPage } from './cors.ts'
import { listen } from './listen.ts'
import type { Listening } from './listen.ts'
import { receive } from './received-request.ts'
import type { ReceivedRequest } from './received-request.ts'
import { guarded, open } from './routes.ts'
import type { Visit } from './routes.ts'

/** Which requests the API accepts. */
export interface LoopbackApiOptions {
  /** What is known about a token: `idp.check`. Default: every token is good. */
  readonly check?: ((token: string) => AccessCheck) | undefined
  /** The header that it looks for the token in. Default `authorization`. */
  readonly headerName?: string | undefined
  /** What must stand before the token; an empty string for nothing. Default `Bearer`. */
  readonly scheme?: string | undefined
}

/** A request that is kept waiting at the API. */
export interface Hold {
  /** Resolves when the request is there. */
  readonly arrived: Promise<ReceivedRequest>
  /** Lets it be answered, by what the API knows then. */
  release(): void
}

/** A real HTTP API on loopback that is strict about tokens and remembers everything. */
export interface LoopbackApi extends Listening {
  /** Every request that has arrived, in order; preflights are not among them. */
  readonly requests: readonly ReceivedRequest[]
  /** How long the body of a refusal is, bytes; may be changed. Default 0, for a short one of JSON. */
  refusalBytes: number
  /** Keeps the next request to this path (without query and GraphQL prefix) waiting until it is released. */
  hold(path: string): Hold
  /** Empties `requests`, and `/flaky` counts from the start again. */
  forget(): void
}

interface Gate extends Hold {
  readonly path: string
  readonly released: Promise<void>
  arrive(received: ReceivedRequest): void
}

const gate = (path: string): Gate => {
  let arrive: Gate['arrive'] = () => {}
  let release: () => void = () => {}
  const arrived = new Promise<ReceivedRequest>((resolve) => (arrive = resolve))
  const released = new Promise<void>((resolve) => (release = resolve))
  return { path, arrived, released, arrive, release }
}

const withoutGraphql = (path: string): string => path.replace(/^\/graphql(-200)?(?=\/)/, '')

/**
 * Starts a real HTTP API on loopback for tests of a client: it answers 401 to what is no valid token,
 * and remembers each request with its token.
 *
 * | path | answer |
 * |---|---|
 * | `/echo` | what arrived, as JSON |
 * | `/receipt` | the same without headers, user and text: nothing that a token changes |
 * | `/slow?ms=50` | as `/receipt`, later |
 * | `/flaky?times=1&status=503` | 503 so many times, then as `/receipt`; counted for each query |
 * | `/stream?chunks=3&ms=10` | text in pieces |
 * | `/bytes/1024` | so many bytes |
 * | `/status/403` | this status, whatever the token |
 * | `/refuse?challenge=…` | 401 with this `WWW-Authenticate`, whatever the token |
 * | `/redirect?to=…&status=302` | a redirect |
 * | `/bad-json`, `/html?status=200`, `/drop`, `/hang` | broken JSON, a page, a cut connection, nothing |
 * | `/requests` | what has arrived so far, as JSON, for pages that cannot see `requests` |
 *
 * `?public` on the first six answers without a token. `/graphql/…` before a path wraps JSON answers in
 * `data`; `/graphql-200/…` refuses, too, as GraphQL servers do: `UNAUTHENTICATED` over 200.
 *
 * @example
 * ```ts
 * import { scriptedIdp } from '@unexpired/testing'
 * import { loopbackApi } from '@unexpired/testing/node'
 *
 * const idp = scriptedIdp()
 * const api = await loopbackApi({ check: idp.check })
 * const { value } = idp.signIn('alice')
 * const answer = await fetch(`${api.origin}/echo`, { headers: { authorization: `Bearer ${value}` } })
 * console.log(answer.status, api.requests[0]?.user) // 200 alice
 * await api.close()
 * ```
 */
export const loopbackApi = async (options: LoopbackApiOptions = {}): Promise<LoopbackApi> => {
  const { check, headerName = 'authorization', scheme = 'Bearer' } = options
  const requests: ReceivedRequest[] = []
  const gates: Gate[] = []
  const visits: string[] = []
  const prefix = scheme === '' ? '' : `${scheme} `

  const tokenOf = (
    headers: ReceivedRequest['headers'],
  ): Pick<ReceivedRequest, 'token' | 'user'> => {
    const value = headers[headerName.toLowerCase()]
    const token = value?.startsWith(prefix) ? value.slice(prefix.length) : undefined
    return { token, user: token === undefined ? undefined : check?.(token).user }
  }
  const accepts = ({ token }: ReceivedRequest): boolean =>
    token !== undefined && (check === undefined || check(token).status === 'valid')

  const visit = (received: ReceivedRequest, response: ServerResponse): void => {
    const { pathname, searchParams: query } = new URL(received.url, 'http://loopback')
    const path = withoutGraphql(pathname)
    const isGraphql = path !== pathname
    const name = path.slice(1).replace(/\/.*/, '')
    const rest = path.slice(name.length + 2)
    visits.push(received.url)

    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    const json = (status: number, body: unknown): void =>
      send(status, !isGraphql || status >= 400 ? body : { data: body })
    const refuse = (challenge: string): void => {
      const padding = 'x'.repeat(Number(query.get('bytes') ?? api.refusalBytes))
      if (pathname.startsWith('/graphql-200/')) {
        const extensions = { code: 'UNAUTHENTICATED', padding }
        return send(200, { data: null, errors: [{ message: 'Sign in first.', extensions }] })
      }
      response.setHeader('www-authenticate', challenge)
      return send(401, { error: 'invalid_token', padding })
    }
    const subject: Visit = {
      received,
      query,
      rest,
      response,
      json,
      refuse,
      visits: visits.filter((url) => url === received.url).length,
    }

    if (name === 'requests') return json(200, requests.slice(0, -1))
    const guardedRoute = guarded[name]
    if (!guardedRoute)
      return open[name] ? open[name](subject) : json(404, { error: 'no such route' })
    if (query.has('public') || accepts(received)) return guardedRoute(subject)
    // RFC 6750, 3.1: no error code where the request carried no token at all.
    return refuse(received.token === undefined ? 'Bearer' : 'Bearer error="invalid_token"')
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (allowEveryPage(request, response)) return
    const received = await receive(request, tokenOf)
    requests.push(received)
    const path = withoutGraphql(received.url.replace(/\?.*/, ''))
    const waiting = gates.findIndex((next) => next.path === path)
    const [held] = waiting < 0 ? [] : gates.splice(waiting, 1)
    held?.arrive(received)
    await held?.released
    visit(received, response)
  }

  const server = await listen((request, response) => {
    // A request that is cut off while it arrives is no request.
    answer(request, response).catch(() => response.destroy())
  })
  const api: LoopbackApi = Object.assign(server, {
    requests,
    refusalBytes: 0,
    hold: (path: string): Hold => {
      const next = gate(path)
      gates.push(next)
      return next
    },
    forget: () => {
      requests.length = 0
      visits.length = 0
    },
  })
  return api
}
