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
  readonly status: number
  readonly headers: { get(name: string): unknown }
  /** Where the answer came from after redirects; empty or absent when not known. */
  readonly url?: string | undefined
}

/** A request and the answer that it got. */
export interface AnsweredRequest extends OutgoingRequest {
  /** What `authorize` gave for it; `undefined` when it left without a token. */
  readonly rejected: AuthHeader | undefined
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
