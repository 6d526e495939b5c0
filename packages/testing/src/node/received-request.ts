import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** One request as it arrived. */
export interface ReceivedRequest {
  /** Upper case. */
  readonly method: string
  /** Path and query. */
  readonly url: string
  /** Each header by its lower-case name; several of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  /** The token that it carried, without the scheme; `undefined` when it carried none. */
  readonly token: string | undefined
  /** Whose token it was, as far as `check` knows. */
  readonly user: string | undefined
  /** In bytes. */
  readonly bodyLength: number
  /** SHA-256 of the body in hex. A multipart boundary counts as one and the same, since each send draws another. */
  readonly bodyHash: string
  /** The body as UTF-8. */
  readonly bodyText: string
  /** When it had arrived, ms by `performance.now()`. */
  readonly arrivedAt: number
}

const withoutBoundary = (body: Buffer, contentType: string): Buffer => {
  const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1]
  if (boundary === undefined) return body
  return Buffer.from(body.toString('latin1').replaceAll(boundary, 'boundary'), 'latin1')
}

export const receive = async (
  request: IncomingMessage,
  tokenOf: (headers: ReceivedRequest['headers']) => Pick<ReceivedRequest, 'token' | 'user'>,
): Promise<ReceivedRequest> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const headers = Object.fromEntries(
    Object.entries(request.headersDistinct as Record<string, string[]>).map(([name, values]) => [
      name,
      values.join(', '),
    ]),
  )
  const hashed = withoutBoundary(body, String(headers['content-type']))
  return {
    method: String(request.method),
    url: String(request.url),
    headers,
    ...tokenOf(headers),
    bodyLength: body.length,
    bodyHash: createHash('sha256').update(hashed).digest('hex'),
    bodyText: body.toString(),
    arrivedAt: performance.now(),
  }
}
