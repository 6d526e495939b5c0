import { findTokenError, type AuthHeader, type Policy, type Runtime } from '@unexpired/core'
import { trackMutations, type Mutations } from './mutations.ts'
import { handshakeUrl, isOpen, type Socket, type SocketClose } from './socket.ts'

/** What one connection needs to know. */
export interface ConnectionSettings {
  readonly policy: Policy
  readonly runtime: Runtime
  readonly renewBeforeMs: number
  readonly isRefusal: (close: SocketClose) => boolean
  /** The header to reconnect with after `rejected` was refused; `undefined` when the refusal stands. */
  readonly recover: (
    url: string,
    rejected: AuthHeader | undefined,
  ) => Promise<AuthHeader | undefined>
}

/** One socket of graphql-ws, from its opening to its end. */
export interface Connection {
  readonly url: string
  readonly mutations: Mutations
  /** The connection was initialised with this header, or without one. */
  initialised(header: AuthHeader | undefined): void
  /** Ends the connection with an error that reaches the sinks, and tells the server nothing. */
  fail(error: unknown): void
  /** Stops watching over the token. */
  stop(): void
}

/**
 * How a socket is left for one with a new token. graphql-ws takes the code 1000 with open operations as
 * "connect again at once": no back-off, none of `retryAttempts` spent.
 */
const renewal: SocketClose & { readonly wasClean: boolean } = {
  code: 1000,
  reason: 'Reconnecting with a new token',
  wasClean: true,
}

interface End {
  readonly close: SocketClose
  readonly error?: unknown
}

/** The longest delay that timers take. */
const maxDelayMs = 2 ** 31 - 1

/** Stands between a socket and graphql-ws: gives a refusal a second chance, and leaves before the token ends. */
export const openConnection = (socket: Socket, settings: ConnectionSettings): Connection => {
  const { policy, runtime, renewBeforeMs, isRefusal, recover } = settings
  const url = handshakeUrl(socket.url)
  const { onclose, onerror } = socket
  let sent: { readonly header: AuthHeader | undefined } | undefined
  let isDue = false
  let timer: unknown
  let unsubscribe: (() => void) | undefined

  const stop = (): void => {
    runtime.clearTimeout(timer)
    unsubscribe?.()
    unsubscribe = undefined
  }

  /** graphql-ws hears of the end now, and goes on without waiting for the closing handshake. */
  const leave = ({ close, error }: End): void => {
    stop()
    socket.onclose = null
    // With no handler at all, an error would end a Node process that uses the package ws.
    socket.onerror = () => {}
    if (error) onerror?.(error)
    onclose?.(close)
    socket.close(1000)
  }

  const secondChance = async (close: SocketClose): Promise<End> => {
    try {
      const header = await recover(url, sent?.header)
      return { close: header && !mutations.areInFlight() ? renewal : close }
    } catch (error) {
      return { close, error }
    }
  }

  socket.addEventListener('close', stop)
  socket.onclose = (close) => {
    if (!sent || !isRefusal(close)) return onclose?.(close)
    void secondChance(close).then((end) => {
      // `terminate()` takes the handlers away: it has reported an end of its own.
      if (socket.onclose) leave(end)
      return end
    })
  }

  const renew = (): void => {
    isDue = mutations.areInFlight()
    if (isOpen(socket) && !isDue) leave({ close: renewal })
  }
  const mutations = trackMutations(socket, () => {
    if (isDue) renew()
  })

  /** Whether the token of the socket is the one that would be sent now. */
  const isCurrent = async (): Promise<boolean> => {
    try {
      return (await policy.authorize({ url }))?.value === sent?.header?.value
    } catch (error) {
      return findTokenError(error)?.kind !== 'signed-out'
    }
  }

  const renewIfOutdated = async (): Promise<void> => {
    if (!(await isCurrent())) renew()
  }

  const refresh = async (): Promise<void> => {
    // Another client, or another tab, may have done it.
    if (!(await isCurrent())) return renew()
    // The policy tells its listeners how it ends, and this connection is one.
    await Promise.resolve(policy.token())
      .then((ifToken) => policy.refresh({ ifToken }))
      .catch(() => {})
  }

  const refreshAt = (moment: number): void => {
    const ms = moment - runtime.now()
    runtime.clearTimeout(timer)
    timer = runtime.setTimeout(
      () => (ms > maxDelayMs ? refreshAt(moment) : void refresh()),
      Math.min(ms, maxDelayMs),
    )
  }

  return {
    url,
    mutations,
    stop,
    initialised(header) {
      if (!isOpen(socket)) return
      sent = { header }
      unsubscribe = policy.subscribe((event) => {
        if (event.type === 'refresh' && event.outcome === 'failed') {
          refreshAt(event.retryAt ?? Infinity)
        } else if (event.type === 'refresh' || event.type === 'session') {
          void renewIfOutdated()
        } else if (event.type === 'disposed') {
          stop()
        }
      })
      const { expiresAt } = policy.snapshot()
      if (!header || expiresAt === undefined) return
      const left = expiresAt - runtime.now()
      refreshAt(expiresAt - Math.min(renewBeforeMs, left / 5))
    },
    fail(error) {
      // Too late where the server has closed meanwhile: graphql-ws knows, and may be connecting again.
      if (isOpen(socket)) leave({ close: { code: 1000, reason: '' }, error })
    },
  }
}
