import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { CognitoError } from './cognito-error.ts'
import type { Documents } from './documents.ts'
import type { Fault } from './fault.ts'
import { replyOf, type Faults } from './faults.ts'
import { callerOf } from './operations/caller.ts'
import type { OperationContext } from './operations/context.ts'
import { run } from './operations/operations.ts'
import type { OpenEntry, RequestLog } from './request-log.ts'
import {
  failure,
  headersOf,
  plain,
  preflight,
  readBody,
  readIncoming,
  success,
  type Reply,
  type RequestBody,
} from './wire.ts'

export interface ExchangeContext extends OperationContext {
  readonly now: () => number
  readonly documents: Documents
  readonly faults: Faults
  readonly log: RequestLog
  /** Aborted when the pool closes: ends every wait. */
  readonly closing: AbortSignal
}

/** Does the work of a request and gives the answer to it. */
type Work = () => Promise<Reply>

/** One request, from the first byte to whatever the client gets. Never rejects. */
export async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  context: ExchangeContext,
): Promise<void> {
  const incoming = readIncoming(request)
  if (incoming.kind === 'preflight')
    return write(response, preflight(incoming.requestedHeaders), context.now())
  const document = incoming.kind === 'document' ? context.documents.at(incoming.path) : undefined
  if (incoming.kind === 'document' && document === undefined) {
    const message = JSON.stringify({ message: 'Nothing is here. Operations are POSTed to /.' })
    return write(response, plain(404, 'application/json', message), context.now())
  }

  const operation = document?.name ?? (incoming as { operation: string }).operation
  const entry = context.log.open(operation)
  response.once('close', () => entry.end('abandoned'))
  let user: string | undefined
  let work: Work
  if (document !== undefined) {
    work = async () => plain(200, 'application/json', JSON.stringify(document.content))
  } else {
    const body = await readBody(request).catch(refusalOf)
    if (body === 'gone') {
      entry.is({ outcome: 'not-run' })
      return entry.end('abandoned')
    }
    if (!(body instanceof CognitoError)) user = callerOf(body, context)
    work = () => perform(operation, body, context)
  }
  entry.is({ user })
  const fault = context.faults.take(operation, user)
  if (fault !== undefined) entry.is({ fault: fault.kind })

  const outcome = await meet(fault, entry, logged(entry, work), context.closing)
  if (outcome === 'none') return entry.end('none')
  if (outcome === 'dropped') {
    entry.end('dropped')
    request.socket.resetAndDestroy()
    return
  }
  if (response.destroyed) return
  write(response, outcome, context.now())
  entry.end('sent', outcome.status)
}

/** The work with a fault before it, after it, or without one. */
async function meet(
  fault: Fault | undefined,
  entry: OpenEntry,
  work: Work,
  closing: AbortSignal,
): Promise<Reply | 'dropped' | 'none'> {
  if (fault === undefined) return await work()
  const done = fault.afterWork === true ? await work() : undefined
  if (fault.delayMs !== undefined && fault.delayMs > 0) {
    const closed = await wait(fault.delayMs, false, { signal: closing }).catch(() => true)
    if (closed) return 'none'
  }
  if (fault.kind === 'delay') return done ?? (await work())
  if (done === undefined) entry.is({ outcome: 'not-run' })
  if (fault.kind === 'drop') return 'dropped'
  if (fault.kind === 'no-answer') return 'none'
  return replyOf(fault)
}

async function perform(
  operation: string,
  body: RequestBody | CognitoError,
  context: ExchangeContext,
): Promise<Reply> {
  if (body instanceof CognitoError) throw body
  return success(await run(operation, body, context))
}

function logged(entry: OpenEntry, work: Work): Work {
  return async () => {
    try {
      const reply = await work()
      entry.is({ outcome: 'ok' })
      return reply
    } catch (thrown) {
      const error = asCognitoError(thrown)
      entry.is({ outcome: error.name })
      return failure(error)
    }
  }
}

/** A body that was read and is none is refused; one that broke off was sent by a client that is gone. */
function refusalOf(thrown: unknown): CognitoError | 'gone' {
  return thrown instanceof CognitoError ? thrown : 'gone'
}

/** What is no answer of Cognito's is a fault of the emulator, and is answered as Cognito answers its own. */
function asCognitoError(thrown: unknown): CognitoError {
  if (thrown instanceof CognitoError) return thrown
  return new CognitoError('InternalErrorException', `The emulator failed: ${String(thrown)}`)
}

function write(response: ServerResponse, reply: Reply, now: number): void {
  response.writeHead(reply.status, headersOf(reply, now))
  response.end(reply.body)
}
