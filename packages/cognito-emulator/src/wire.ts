import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { CognitoError } from './cognito-error.ts'

/** What came in, read as far as the paths and headers go. */
export type Incoming =
  | { readonly kind: 'preflight'; readonly requestedHeaders: string }
  | { readonly kind: 'call'; readonly operation: string }
  | { readonly kind: 'document'; readonly path: string }

/** What goes out. Headers of CORS, the date and the request id are added where it is written. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Whether a page on another origin may read it. */
  readonly cors: boolean
}

export type RequestBody = Readonly<Record<string, unknown>>

const TARGET_PREFIX = 'AWSCognitoIdentityProviderService.'
const JSON_TYPE = 'application/x-amz-json-1.1'
const LARGEST_BODY = 1024 * 1024

/** As Cognito's: a page sees these headers of an answer and no others. */
const EXPOSED = 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date'

export function readIncoming(request: IncomingMessage): Incoming {
  if (request.method === 'OPTIONS') {
    return {
      kind: 'preflight',
      requestedHeaders: request.headers['access-control-request-headers'] ?? '',
    }
  }
  const path = (request.url as string).split('?', 1)[0] as string
  if (request.method !== 'POST' || path !== '/') return { kind: 'document', path }
  const target = String(request.headers['x-amz-target'] ?? '')
  const operation = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : ''
  return { kind: 'call', operation: /^\w{1,80}$/.test(operation) ? operation : 'unknown' }
}

/** The JSON object in the body. Throws SerializationException where there is none. */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= LARGEST_BODY) chunks.push(chunk)
  }
  if (size > LARGEST_BODY)
    throw new CognitoError('SerializationException', 'The request is larger than 1 MB.', 413)
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return body as RequestBody
  } catch {
    // Not JSON: the same to a caller as JSON that is no object.
  }
  throw new CognitoError('SerializationException', 'The body is not a JSON object.')
}

export function success(result: object): Reply {
  return {
    status: 200,
    headers: { 'content-type': JSON_TYPE },
    body: JSON.stringify(result),
    cors: true,
  }
}

/** Cognito names the error twice: in a header, with a colon after it, and in the body. Clients read the one or the other. */
export function failure(
  error: CognitoError,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    status: error.status,
    headers: {
      'content-type': JSON_TYPE,
      'x-amzn-errortype': `${error.name}:`,
      'x-amzn-errormessage': headerSafe(error.message),
      ...headers,
    },
    body: JSON.stringify({ __type: error.name, message: error.message }),
    cors: true,
  }
}

/** A body as it stands, with a status. */
export function plain(status: number, contentType: string, body: string, cors = true): Reply {
  return { status, headers: { 'content-type': contentType }, body, cors }
}

export function preflight(requestedHeaders: string): Reply {
  const headers = {
    'access-control-allow-headers': requestedHeaders,
    'access-control-allow-methods': 'POST',
    'access-control-max-age': '172800',
  }
  return { status: 200, headers, body: '', cors: true }
}

/** All headers of an answer. The date is the server's, wrong clock and all: clients learn the time from it. */
export function headersOf(reply: Reply, now: number): Record<string, string> {
  const exposed = 'retry-after' in reply.headers ? `${EXPOSED},Retry-After` : EXPOSED
  return {
    ...(reply.cors
      ? { 'access-control-allow-origin': '*', 'access-control-expose-headers': exposed }
      : {}),
    date: new Date(now).toUTCString(),
    'cache-control': 'no-store',
    'x-amzn-requestid': randomUUID(),
    'content-length': String(Buffer.byteLength(reply.body)),
    // A browser sends a request again by itself when a connection it kept alive is dropped, and a fault would not be seen.
    connection: 'close',
    ...reply.headers,
  }
}

function headerSafe(message: string): string {
  return message.replace(/[^\x20-\x7e]/g, '?')
}
