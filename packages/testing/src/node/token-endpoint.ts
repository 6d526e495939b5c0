import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { DeskAnswer, IdpFault, IdpToken, ScriptedIdp } from '@unexpired/testing'
import { allowEveryPage } from './cors.ts'
import { listen } from './listen.ts'
import type { Listening } from './listen.ts'

/** A scripted identity provider behind real HTTP. */
export interface TokenEndpoint extends Listening {
  /** Where refresh tokens are spent: `POST` with `grant_type=refresh_token` (RFC 6749, 6). */
  readonly url: string
}

const statusOf = (fault: IdpFault | undefined, otherwise: number): number =>
  (fault?.name === 'server-error' || fault?.name === 'html' ? fault.status : undefined) ?? otherwise

/** RFC 6749, 5.1. */
const grant = ({ value, refreshToken, issuedAt, expiresAt }: IdpToken): object => ({
  access_token: value,
  token_type: 'Bearer',
  expires_in: (expiresAt - issuedAt) / 1_000,
  refresh_token: refreshToken,
})

/**
 * Puts a scripted identity provider behind a real token endpoint on loopback, with CORS, for clients
 * and pages that speak HTTP. Faults and log are the same as those of the object.
 *
 * `POST /token` answers as RFC 6749 says: `access_token`, `refresh_token`, `expires_in`; a refusal is
 * 400 `invalid_grant`, with the code in `error_description`. `POST /sign-in` with `user=alice` starts a
 * session. `offline` and `lost-answer` cut the connection; `throws` and `rejects` are 500s.
 *
 * @example
 * ```ts
 * import { scriptedIdp } from '@unexpired/testing'
 * import { tokenEndpoint } from '@unexpired/testing/node'
 *
 * const idp = scriptedIdp()
 * const endpoint = await tokenEndpoint(idp)
 * const { refreshToken } = idp.signIn('alice')
 * idp.next({ name: 'throttled', retryAfterMs: 3_000 })
 * const answer = await fetch(endpoint.url, {
 *   method: 'POST',
 *   body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
 * })
 * console.log(answer.status, answer.headers.get('retry-after')) // 429 3
 * await endpoint.close()
 * ```
 */
export const tokenEndpoint = async (idp: ScriptedIdp): Promise<TokenEndpoint> => {
  const json = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(JSON.stringify(body))
  }

  const fail = (
    response: ServerResponse,
    fault: IdpFault | undefined,
    answer: DeskAnswer & { name: 'failure' },
  ): void => {
    switch (answer.code) {
      case 'offline':
        return void response.destroy()
      case 'throttled':
        if (answer.retryAfterMs !== undefined)
          response.setHeader('retry-after', Math.ceil(answer.retryAfterMs / 1_000))
        return json(response, 429, { error: 'slow_down' })
      case 'server-error':
        return json(response, statusOf(fault, fault?.name === 'server-error' ? 503 : 500), {
          error: 'server_error',
        })
      case 'bad-answer':
        response.writeHead(statusOf(fault, 502), { 'content-type': 'text/html' })
        return void response.end('<!doctype html><title>502 Bad Gateway</title>')
      case 'wrong-client':
        return json(response, 401, { error: 'invalid_client' })
      case 'unsupported':
        return json(response, 400, { error: 'unsupported_grant_type' })
      default:
        return json(response, 400, { error: 'invalid_grant', error_description: answer.code })
    }
  }

  const refresh = async (response: ServerResponse, form: URLSearchParams): Promise<void> => {
    const fault = idp.desk.faults.take()
    const record = idp.desk.log.open(undefined, fault)
    response.once('close', () => record.end('aborted'))
    const answer = await idp.desk.visit(String(form.get('refresh_token')), fault, record)
    if (answer.name === 'nothing') return
    if (answer.name === 'failure') {
      record.end('failed', answer.code)
      return fail(response, fault, answer)
    }
    record.end('refreshed')
    const { token } = answer
    const value = fault?.name === 'bad-token' ? 'two words\r\nand a line' : token.value
    return json(response, 200, grant({ ...token, value }))
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (allowEveryPage(request, response)) return
    const form = new URLSearchParams(await text(request))
    if (request.url === '/sign-in') {
      return json(response, 200, grant(idp.signIn(form.get('user') ?? undefined)))
    }
    if (request.url !== '/token') return json(response, 404, { error: 'not_found' })
    if (form.get('grant_type') !== 'refresh_token')
      return json(response, 400, { error: 'unsupported_grant_type' })
    return refresh(response, form)
  }

  const server = await listen((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  return Object.assign(server, { url: `${server.origin}/token` })
}
