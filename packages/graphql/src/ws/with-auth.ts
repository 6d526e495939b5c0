import {
  findTokenError,
  platform,
  type AuthHeader,
  type Policy,
  type Runtime,
} from '@unexpired/core'
import type { ClientOptions, ConnectionInitMessage } from 'graphql-ws'
import { openConnection, type Connection } from './connection.ts'
import { handshakeUrl, type Socket, type SocketClose } from './socket.ts'

/** The settings of one graphql-ws client. What is true for every client belongs into the policy. */
export interface WsAuthOptions {
  /**
   * Where the token goes in the payload of `connection_init`; gets the header, and the `connectionParams`
   * of your own. Default `{ authorization: 'Bearer …', ...own }`.
   */
  readonly toConnectionParams?:
    | ((header: AuthHeader, own: Readonly<Record<string, unknown>>) => Record<string, unknown>)
    | undefined
  /** Whether a close means "this token is not accepted". Default: the codes 4401, 4403 and 3000. */
  readonly isRefusal?: ((close: SocketClose) => boolean) | undefined
  /**
   * How long before its token ends a socket is left for one with a new token, ms; at most a fifth of the
   * time that the token has left. Default 60 000.
   */
  readonly renewBeforeMs?: number | undefined
  /** The clock and the timers. Default: the platform's. */
  readonly runtime?: Runtime | undefined
}

/** 4401 and 4403 of graphql-transport-ws, and 3000 of the IANA registry: the codes in use for "unauthorized". */
const isUnauthorized = ({ code }: SocketClose): boolean =>
  code === 4401 || code === 4403 || code === 3000

/** graphql-ws's own default for `shouldRetry`. */
const isClose = (problem: unknown): boolean =>
  typeof problem === 'object' && problem !== null && 'code' in problem && 'reason' in problem

/**
 * Gives the sockets of a graphql-ws client a fresh access token: takes the options of its `createClient`
 * and gives them back with what is needed added.
 *
 * - Each socket is initialised with the token that is current when it opens. A token that must be
 *   refreshed first is waited for before the socket is opened, because servers wait a few seconds only.
 * - When the server closes a socket because of its token, the token is refreshed and the socket opened
 *   again, at once and with all its subscriptions. A new token that is refused as well is not replaced:
 *   the sinks get the close event of the server.
 * - Before its token ends, on sign-in, sign-out and change of user, a socket is left for a new one.
 *   Events between the two are missed, as with every reconnect of graphql-ws. A mutation in flight over
 *   the socket is waited for, so that it is not sent twice.
 *
 * Sockets to origins that the policy does not name (`wss:` counts as `https:`) get no token, and neither
 * do those whose `connectionParams` bring an `authorization` of their own.
 *
 * @throws `TokenError` (at the sinks; never as a close reason to the server) when there is no usable
 * token and none can be had. While its kind is `offline` or `transient`, graphql-ws tries again first, as
 * often as `retryAttempts` says.
 *
 * @example
 * ```ts
 * import { createClient } from 'graphql-ws'
 * import { withAuth } from '@unexpired/graphql/ws'
 * import { policy } from './tokens.ts'
 *
 * export const subscriptions = createClient(withAuth({ url: 'wss://api.example.com/graphql' }, policy))
 * ```
 */
export const withAuth = <
  P extends ConnectionInitMessage['payload'] = ConnectionInitMessage['payload'],
>(
  options: ClientOptions<P>,
  policy: Policy,
  auth: WsAuthOptions = {},
): ClientOptions<P> => {
  const {
    toConnectionParams = (header, own) => ({ [header.name]: header.value, ...own }),
    isRefusal = isUnauthorized,
    renewBeforeMs = 60_000,
    runtime = platform,
  } = auth
  let connection: Connection | undefined
  let replayed: AuthHeader | undefined
  let failure: { readonly error: unknown } | undefined

  const recover = async (
    url: string,
    rejected: AuthHeader | undefined,
  ): Promise<AuthHeader | undefined> => {
    // A token that was got for a refusal and is refused itself is replaced when it ends, and not before.
    const isAgain = !!rejected && rejected.value === replayed?.value
    const response = { status: 401, headers: new Headers() }
    const header = await (isAgain
      ? policy.authorize({ url })
      : policy.recover({ url, rejected, response, refused: true }))
    if (!header || header.value === rejected?.value) return undefined
    replayed = header
    return header
  }

  return {
    ...options,
    url: async () => {
      const url = typeof options.url === 'function' ? await options.url() : options.url
      failure = undefined
      try {
        await policy.authorize({ url: handshakeUrl(url) })
      } catch (error) {
        // Thrown here it would reach no sink: an open socket is needed to tell.
        failure = { error }
      }
      return url
    },
    connectionParams: async () => {
      const opened = connection
      const given = options.connectionParams
      const own = typeof given === 'function' ? await given() : given
      const brings = Object.keys(own ?? {}).some((key) => key.toLowerCase() === policy.headerName)
      if (!opened || brings || !policy.covers(opened.url)) return own as P
      const { url, initialised, fail } = opened
      try {
        if (failure) throw failure.error
        const header = await policy.authorize({ url })
        initialised(header)
        return (header ? toConnectionParams(header, own ?? {}) : own) as P
      } catch (error) {
        fail(error)
        return undefined as P
      }
    },
    shouldRetry: (problem) => {
      const error = findTokenError(problem)
      if (error) return error.kind === 'offline' || error.kind === 'transient'
      return (options.shouldRetry ?? isClose)(problem)
    },
    on: {
      ...options.on,
      opened: (socket) => {
        connection?.stop()
        connection = openConnection(socket as Socket, {
          policy,
          runtime,
          renewBeforeMs,
          isRefusal,
          recover,
        })
        options.on?.opened?.(socket)
      },
      message: (message) => {
        connection?.mutations.received(message)
        options.on?.message?.(message)
      },
    },
  }
}
