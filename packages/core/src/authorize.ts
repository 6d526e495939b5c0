import { TokenError } from './errors.ts'
import type { Settings } from './options.ts'
import { sameOrigin } from './origins.ts'
import type { Refresher } from './refresher.ts'
import { backoffMs } from './retry.ts'
import type { Held, Reading, Session } from './session.ts'
import type { AccessToken } from './token.ts'

/** The header that carries the token. Printing or serialising it shows no value. */
export interface AuthHeader {
  /** Lower case: `authorization`, unless the policy says otherwise. */
  readonly name: string
  /** The whole value, scheme included. */
  readonly value: string
}

/** A request that is about to leave. */
export interface OutgoingRequest {
  /** The final URL; a relative one is resolved against the page. */
  readonly url: string
  /** The caller's own signal: it ends this caller's wait, and nobody else's. */
  readonly signal?: AbortSignal | undefined
}

/** What an adapter shows of a server's answer. A `Response` is one. */
export interface Answer {
  /** The HTTP status. */
  readonly status: number
  /** Its headers, by a name in any case. */
  readonly headers: { get(name: string): unknown }
  /** Where the answer came from after redirects; empty or absent when not known. */
  readonly url?: string | undefined
}

/** A request and the answer that it got. */
export interface AnsweredRequest extends OutgoingRequest {
  /** What `authorize` gave for it; `undefined` when it left without a token. */
  readonly rejected: AuthHeader | undefined
  /** What the server has answered. */
  readonly response: Answer
  /** `true` when the protocol refuses by other means than the status, as GraphQL does over 200. */
  readonly refused?: boolean | undefined
  /** `false` when the body cannot be sent again: the answer stands, and the token is refreshed for the next request. */
  readonly replayable?: boolean | undefined
}

/**
 * The seam that adapters stand on: authorize before sending, decide after the answer.
 *
 * An adapter looks at no clock, no token and no error code; it attaches what it is given.
 *
 * @example
 * ```ts
 * const header = await policy.authorize({ url, signal })
 * let response = await send(url, header)
 * const again = await policy.recover({ url, signal, rejected: header, response })
 * if (again) response = await send(url, again)
 * ```
 */
export interface Authorizer {
  /** The name of the header that carries the token, lower case; a request that brings its own is left alone. */
  readonly headerName: string
  /** Whether the token may go to this URL. Cheap: ask before touching anything of the request. */
  covers(url: string): boolean
  /**
   * The header to send, synchronously while the token is fresh or stale; `undefined` when the origin
   * is not named by the policy, or nobody is signed in.
   *
   * @throws {@link TokenError} (as a rejection, too) when there is no usable token and none can be had.
   */
  authorize(request: OutgoingRequest): AuthHeader | undefined | Promise<AuthHeader | undefined>
  /**
   * The header to replay the request with, once; `undefined` when the answer stands: no refusal,
   * not ours, not replayable, or a refusal that a new token cannot cure.
   *
   * @throws {@link TokenError} (as a rejection) when the token was refused and a new one cannot be had.
   */
  recover(request: AnsweredRequest): AuthHeader | undefined | Promise<AuthHeader | undefined>
}

/** What the authorizer of a policy stands on. */
export interface AuthorizerContext<T extends AccessToken> {
  readonly settings: Settings<T>
  readonly session: Session<T>
  readonly refresher: Refresher<T>
  /** The token in hand, or the one that must be waited for; `undefined` when nobody is signed in. */
  ready(signal: AbortSignal | undefined): Reading<T>
  /** The store's answer, within the deadline. */
  look(signal: AbortSignal | undefined): Promise<Held<T> | undefined>
}

/** Makes the seam of one policy. */
export const createAuthorizer = <T extends AccessToken>(
  context: AuthorizerContext<T>,
): Authorizer => {
  const { settings, session, refresher, ready, look } = context
  const { covers, headerName, runtime, retryBaseMs, retryMaxMs, isRefusal } = settings

  const orRefuse = (held: Held<T> | undefined): Held<T> => {
    if (!held) throw session.reason
    return held
  }

  // A server that refuses every token, as for a wrong audience, must not cost a refresh each time:
  // after two in a row, refusals of new tokens are believed only after a growing pause.
  let refusals = 0
  let notBefore = 0
  const mayRefresh = (): boolean => {
    const now = runtime.monotonic()
    if (now < notBefore) return false
    if (now > notBefore + retryMaxMs) refusals = 0
    const pauses = ++refusals - 2
    notBefore =
      pauses > 0 ? now + backoffMs(pauses, retryBaseMs, retryMaxMs, runtime.random()) : now
    return true
  }

  const replayWith = async ({
    signal,
    rejected,
    replayable,
  }: AnsweredRequest): Promise<Held<T> | undefined> => {
    const held = await look(signal)
    if (session.nobody) throw session.nobody
    if (rejected && (rejected as Held<T>).epoch !== session.epoch) {
      throw new TokenError(
        'user-changed',
        'Another user has signed in since the request left. Send it again if it is still wanted.',
      )
    }
    const isStill = held?.value === rejected?.value
    if (!isStill && session.isUsable(held)) return replayable === false ? undefined : held
    if (isStill && !refresher.flight && !mayRefresh()) return undefined
    const reason = isStill ? 'refused' : 'expired'
    if (replayable !== false) return refresher.join(reason, held, signal, mayRefresh)
    refresher.start(reason)
    return undefined
  }

  return {
    headerName,
    covers,
    authorize({ url, signal }) {
      if (!covers(url)) return undefined
      const held = ready(signal)
      return settings.whenSignedOut === 'send' || (held && 'token' in held)
        ? held
        : Promise.resolve(held).then(orRefuse)
    },
    recover(request) {
      const { url, response, refused } = request
      if (!(refused || isRefusal(response)) || !covers(url)) return undefined
      // After a redirect elsewhere the client has dropped the token; another one would be dropped, too.
      if (response.url && !sameOrigin(url, response.url, runtime.baseUrl())) return undefined
      return replayWith(request)
    },
  }
}
