import type { AuthHeader } from './authorize.ts'
import { findTokenError, TokenError } from './errors.ts'
import { expiryOf, skewOf, isBelievable, zoneAt, type Expiry, type Zone } from './expiry.ts'
import type { Settings } from './options.ts'
import { harmlessly } from './listeners.ts'
import type { TokenSource } from './source.ts'
import { assertToken, isOlder, quiet, type AccessToken } from './token.ts'

/** The token in hand, as everybody needs it: made once for each token, so that a request allocates nothing. */
export interface Held<T extends AccessToken> extends AuthHeader, Expiry {
  /** What callers are given: the fields of an access token, and nothing that the source keeps beside it. */
  readonly token: AccessToken
  /** What the source gave; it goes back to the source and nowhere else. */
  readonly sourced: () => T
  /** Which session it belongs to: see {@link Session.epoch}. */
  readonly epoch: number
}

/** What asking for the token in hand gives: at once where the store answers at once. */
export type Reading<T extends AccessToken> = Held<T> | undefined | Promise<Held<T> | undefined>

/** Who is signed in, and with which token: what may replace what is decided here. */
export interface Session<T extends AccessToken> {
  readonly held: Held<T> | undefined
  /** Counts sign-ins, sign-outs and changes of user. */
  readonly epoch: number
  /** Whether the store has answered yet. */
  readonly isKnown: boolean
  /** Aborted when the epoch ends. */
  readonly signal: AbortSignal
  /** Aborted when another token is in hand; with why, where that is because the epoch has ended. */
  readonly tenure: AbortSignal
  /** Why there is no token, where it is sure that there is none to be had. */
  readonly nobody: TokenError | undefined
  /** Why the former session is over. */
  readonly reason: TokenError
  /** The token in hand; asks the store first where it may have changed. */
  look(): Reading<T>
  /** The token in hand, as far as that is sure without waiting. */
  glance(): Held<T> | undefined
  /** Asks the store in any case. */
  reread(): Promise<Held<T> | undefined>
  /** Whether the token in hand may be sent. */
  isUsable(held: Held<T> | undefined): held is Held<T>
  zone(held: Held<T>): Zone
  /** Fails with `bad-answer` on one that has ended. */
  assertUsable(held: Held<T>): void
  /** The store has changed, by what `teller` says: now what it shows counts, even that it has nothing. */
  changed(teller: Teller): void
  /** What the store shows, or another tab handed over. */
  take(found: T | undefined): void
  /** What an answer says of the server's clock; the token in hand is looked at anew. */
  learn(answer: T, sentAt: number): void
  /** A refreshed token. */
  put(token: T): Held<T>
  /** The identity provider has ended the session. */
  end(error: TokenError): void
  /** No token of this session is wanted any longer, and the source is not listened to. */
  stop(error: TokenError): void
}

/** Who tells of a change: the source, or another tab, which need not be told of it in turn. */
export type Teller = 'source' | 'others'

/** Whether two tokens are known to be of different users. */
export const isOtherUser = (a: AccessToken, b: AccessToken): boolean =>
  a.identity !== undefined && b.identity !== undefined && a.identity !== b.identity

const isPromise = <V>(value: V | PromiseLike<V>): value is PromiseLike<V> =>
  typeof (value as PromiseLike<V> | undefined)?.then === 'function'

/** What a session tells. */
export interface SessionListener {
  /** Somebody signed in or out, or another user came: what is in the air is unwanted, and `error` says why. */
  onMove(error: TokenError, teller: Teller | undefined): void
  /** The store shows another token of the same session. */
  onRenewal(): void
}

/** Whether two are the same token, however often it was looked at. */
export const isSame = <T extends AccessToken>(
  a: Held<T> | undefined,
  b: Held<T> | undefined,
): boolean => a?.token.value === b?.token.value

/** Makes the session of one policy. */
export const createSession = <T extends AccessToken>(
  settings: Settings<T>,
  { onMove, onRenewal }: SessionListener,
): Session<T> => {
  const { source, runtime, headerName, scheme } = settings
  let held: Held<T> | undefined
  let epoch = 0
  let life = new AbortController()
  let tenure = new AbortController()
  let skew = 0
  /** Why nobody is signed in. */
  let reason = new TokenError('signed-out', 'Nobody is signed in. Show the sign-in page.')
  /** The value that was replaced, or whose session is over: a store that still shows it is late. */
  let dead: string | undefined
  /** A hidden session is not known until a refresh has been tried. */
  let unknown = !!source.hiddenSession

  // Reads are numbered: one that a change or a later read has overtaken says nothing.
  let started = 0
  let applied = 0
  let outdated = 0
  let told: Teller | undefined
  let isReading = false
  let pending: Promise<Held<T> | undefined> | undefined
  let unsubscribe: (() => void) | undefined
  let isListening = false

  const hold = (sourced: T, receivedAt?: number): Held<T> => {
    const { value, expiresAt, issuedAt, identity, skewMs } = sourced
    const token = quiet({ value, expiresAt, issuedAt, identity })
    const lived = { ...token, issuedAt: issuedAt ?? receivedAt }
    const header = {
      ...expiryOf(lived, {
        ...settings,
        skewMs: isBelievable(skewMs) ? skewMs : skew,
        draw: runtime.random(),
      }),
      name: headerName,
      value: scheme ? `${scheme} ${value}` : value,
      token: Object.freeze(token),
      sourced: () => sourced,
      epoch,
    }
    return quiet(header, { ...token, name: headerName, value: undefined })
  }

  const replace = (next: Held<T> | undefined, error?: TokenError): void => {
    held = next
    const former = tenure
    tenure = new AbortController()
    former.abort(error)
  }

  const move = (next: T | undefined, error: TokenError, teller?: Teller): void => {
    epoch++
    if (next) dead = held?.token.value
    replace(next && hold(next), error)
    reason = error
    const over = life
    life = new AbortController()
    over.abort(error)
    onMove(error, teller)
  }

  const take = (found: T | undefined): void => {
    if (!found) {
      if (source.hiddenSession ? told : held) {
        move(
          undefined,
          new TokenError('signed-out', 'The user signed out. Show the sign-in page.'),
          told,
        )
      }
    } else if (!found.value || (found.value !== held?.token.value && found.value !== dead)) {
      assertToken(found, source.name)
      // A session out of sight that was never known does not begin with what is found: it is found.
      if (held ? isOtherUser(held.token, found) : epoch || !unknown) {
        move(
          found,
          new TokenError(
            'user-changed',
            'Another user has signed in. Send the request again if it is still wanted.',
          ),
          told,
        )
      } else if (!held || !isOlder(found, held.token)) {
        dead = held?.token.value
        replace(hold(found))
        onRenewal()
      }
    }
  }

  /** A store that cannot be read takes no good token away, and is asked again. */
  const unreadable = (error: unknown): Held<T> => {
    pending = undefined
    outdated = started
    if (isUsable(held)) return held
    throw (
      findTokenError(error) ??
      new TokenError(
        'source-failed',
        `Token source ${source.name} could not read its tokens. Check its storage.`,
        {
          cause: error,
        },
      )
    )
  }

  const read = (again = 2): Reading<T> => {
    // A source that asks the policy while it is read gets what there is, not a loop.
    if (isReading || applied === Infinity) return held
    const order = ++started
    const apply = (found: T | undefined): Reading<T> => {
      pending = undefined
      if (order <= outdated && again) return read(again - 1)
      if (order > applied) {
        const isFirst = !applied
        applied = order
        take(found)
        told = undefined
        // That nobody is signed in was not known before, and who shows it wants to hear.
        if (isFirst && !held) onRenewal()
      }
      return held
    }
    try {
      const found = ask()
      if (!isPromise(found)) return apply(found)
      pending = Promise.resolve(found).then(apply).catch(unreadable)
      // Not everybody who looks waits for it.
      pending.catch(() => {})
      return pending
    } catch (error) {
      return unreadable(error)
    }
  }

  const ask = (): ReturnType<TokenSource<T>['read']> => {
    isReading = true
    try {
      if (!isListening) {
        unsubscribe = source.subscribe?.(() => {
          if (!isReading) changed('source')
        })
        isListening = true
      }
      return source.read()
    } finally {
      isReading = false
    }
  }

  const changed = (teller: Teller): void => {
    outdated = started
    told = teller
    unknown = !!source.hiddenSession
    // Nobody waits for this: who asks next finds out, and meanwhile what is in the air is stopped.
    // A read that is under way starts over by itself.
    if (!pending) reread().catch(() => {})
  }

  const reread = async (): Promise<Held<T> | undefined> => read()

  const isUsable = (candidate: Held<T> | undefined): candidate is Held<T> =>
    !!candidate && runtime.now() < candidate.expiredAt

  const assertUsable = (candidate: Held<T>): void => {
    if (isUsable(candidate)) return
    throw new TokenError(
      'bad-answer',
      `Token source ${source.name} gave a token that has ended. Check the clocks, and give issuedAt.`,
    )
  }

  const look = (): Reading<T> =>
    unsubscribe && applied > outdated
      ? held
      : unsubscribe && pending && started > outdated
        ? pending
        : read()

  return {
    assertUsable,
    get held() {
      return held
    },
    get epoch() {
      return epoch
    },
    get signal() {
      return life.signal
    },
    get tenure() {
      return tenure.signal
    },
    get isKnown() {
      return applied > 0
    },
    get nobody() {
      return held || unknown ? undefined : reason
    },
    get reason() {
      return reason
    },
    look,
    glance() {
      try {
        const seen = look()
        return isPromise(seen) ? undefined : seen
      } catch {
        return undefined
      }
    },
    reread,
    changed,
    isUsable,
    zone: (candidate) => zoneAt(candidate, runtime.now()),
    take,
    learn(token, sentAt) {
      const known = skew
      skew = skewOf(token, sentAt, runtime.now(), known)
      if (skew !== known) held = held && hold(held.sourced())
    },
    put(token) {
      const next = hold(token, runtime.now() + skew)
      // One that has ended replaces no good one; but else it is kept: with it came the next refresh token.
      if (isUsable(held)) assertUsable(next)
      dead = held?.token.value
      replace(next)
      return next
    },
    end(error) {
      dead = held?.token.value
      unknown = false
      move(undefined, error)
    },
    stop(error) {
      unknown = false
      // No read says anything from now on.
      applied = Infinity
      move(undefined, error)
      harmlessly(() => unsubscribe?.())
    },
  }
}
