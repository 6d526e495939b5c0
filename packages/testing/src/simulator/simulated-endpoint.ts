import type { IdpFault } from '../idp/faults.ts'
import type { DeskAnswer } from '../idp/refresh-desk.ts'
import type { ScriptedIdp } from '../idp/scripted-idp.ts'
import { unlessAborted } from '../idp/wait.ts'
import type { SourceContext } from './source-context.ts'

const refusal = ({ code, retryAfterMs }: DeskAnswer & { name: 'failure' }): Response => {
  switch (code) {
    case 'offline':
      throw new TypeError('fetch failed')
    case 'throttled': {
      const headers = { 'retry-after': String(Math.ceil((retryAfterMs ?? 1_000) / 1_000)) }
      return Response.json({ error: 'slow_down' }, { status: 429, headers })
    }
    case 'server-error':
      return Response.json({ error: 'server_error' }, { status: 503 })
    case 'bad-answer': {
      const headers = { 'content-type': 'text/html' }
      return new Response('<!doctype html><title>502 Bad Gateway</title>', { status: 502, headers })
    }
    default:
      return Response.json({ error: 'invalid_grant', error_description: code }, { status: 400 })
  }
}

/** RFC 6749, 5.1 and 5.2: what comes back over the network. */
const responseOf = (answer: DeskAnswer, fault: IdpFault | undefined): Promise<Response> => {
  if (answer.name === 'nothing') return new Promise(() => {})
  if (answer.name === 'failure') return (async () => refusal(answer))()
  const { value, refreshToken, issuedAt, expiresAt } = answer.token
  return Promise.resolve(
    Response.json({
      access_token: fault?.name === 'bad-token' ? 'two words\r\nand a line' : value,
      token_type: 'Bearer',
      expires_in: (expiresAt - issuedAt) / 1_000,
      refresh_token: refreshToken,
    }),
  )
}

/** A `fetch` that ends at the token endpoint of a scripted identity provider, without a network. */
export const simulatedFetch =
  (idp: ScriptedIdp): SourceContext['fetch'] =>
  async (_url, { body, signal }) => {
    const form = new URLSearchParams(body as string)
    const fault = idp.desk.faults.take()
    const record = idp.desk.log.open(undefined, fault)
    const trip = async (): Promise<Response> => {
      const answer = await idp.desk.visit(String(form.get('refresh_token')), fault, record)
      return responseOf(answer, fault)
    }
    const response = signal ? unlessAborted(trip(), signal) : trip()
    response.then(
      ({ ok }) => record.end(ok ? 'refreshed' : 'failed'),
      () => record.end(signal?.aborted ? 'aborted' : 'failed'),
    )
    return response
  }
