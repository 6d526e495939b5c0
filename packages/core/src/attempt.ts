import type { Turn } from './coordinator.ts'
import { findTokenError, TokenError } from './errors.ts'
import type { RefresherContext } from './refresher.ts'
import { isOtherUser, isSame, type Held } from './session.ts'
import type { Flight } from './single-flight.ts'
import type { PolicyEvent } from './snapshot.ts'
import type { RefreshReason } from './source.ts'
import { assertToken, isOlder, type AccessToken } from './token.ts'

/** One call of the source's `refresh`, and what it stands on. */
export interface Attempt<T extends AccessToken> extends RefresherContext<T> {
  readonly turn: Turn
  readonly reason: RefreshReason
  /** The token that is to be replaced. */
  readonly unwanted: Held<T> | undefined
  readonly flight: Flight<Held<T>>
  onFailure(error: TokenError): TokenError
  resume(): void
  inTurn(job: (turn: Turn) => Promise<Held<T>>, signal: AbortSignal): Promise<Held<T>>
}

const toTokenError = (error: unknown, source: string): TokenError => {
  const known = findTokenError(error)
  if (known) return known
  const { name, message } = (error ?? {}) as Partial<Error>
  // What the engines say when fetch cannot connect; they say the same of CORS.
  return name === 'NetworkError' ||
    (name === 'TypeError' && /fetch|network|load failed/i.test(message ?? ''))
    ? new TokenError(
        'offline',
        `Token source ${source} could not be reached. Check the network, then CORS.`,
        { cause: error },
      )
    : new TokenError(
        'refresh-failed',
        `Token source ${source} failed to refresh. Try again later; cause says why.`,
        { cause: error },
      )
}

const notNewer = (source: string): TokenError =>
  new TokenError('not-newer', `Token source ${source} gave no newer token. Try again later.`)

/** A coordinator that cannot say is not what correctness rests on: the store is read again, too. */
const isStillCurrent = async (turn: Turn, over?: TokenError): Promise<boolean> => {
  try {
    return await turn.stillCurrent(over)
  } catch {
    return true
  }
}

/**
 * Keeps what a refresh gave if it is still wanted, and otherwise gives what is there instead: after a
 * sign-out nobody is signed back in (it throws why), and nothing replaces a token that is newer.
 */
const commit = async <T extends AccessToken>(
  { settings: { source }, session, tell, resume }: Attempt<T>,
  {
    answer,
    target,
    life,
    sentAt,
    turn,
    report,
  }: {
    readonly answer: T
    readonly target: Held<T> | undefined
    readonly life: AbortSignal
    readonly sentAt: number
    readonly turn: Turn
    report(outcome: 'refreshed'): void
  },
): Promise<Held<T>> => {
  assertToken(answer, source.name)
  // The provider may answer for somebody else, as a cookie endpoint does after a change of user.
  const isOthers = target && isOtherUser(target.token, answer)
  const isNewer =
    !target || isOthers || !(answer.value === target.token.value || isOlder(answer, target.token))
  // Before the store is read: by a wrong clock, what another has stored may look as if it had ended.
  if (isNewer) session.learn(answer, sentAt)
  const isMine = await isStillCurrent(turn)
  const found = await session.reread()
  // Whatever the store shows instead came with a refresh token of its own: it is never written over.
  const isOvertaken = !isSame(found, target) && found?.token.value !== answer.value
  if (isOvertaken && session.isUsable(found)) return found
  if (isOvertaken || !isMine || !isNewer) {
    throw notNewer(source.name)
  }
  const store = async (): Promise<void> => {
    const signal = session.tenure
    try {
      await source.store?.(answer, { signal })
      // A store that did not heed the signal has just signed somebody back in.
      const over = signal.reason as TokenError | undefined
      if (over?.kind === 'signed-out') await source.clear?.(answer)
      else if (!signal.aborted) await turn.committed(answer)
    } catch {
      tell({
        type: 'notice',
        message: `Token source ${source.name} could not store its token. It is kept in memory; check the storage.`,
      })
    }
  }
  if (isOthers) {
    session.take(answer)
    await store()
  }
  life.throwIfAborted()
  const held = session.put(answer)
  if (session.isUsable(held)) {
    report('refreshed')
    resume()
    life.throwIfAborted()
  }
  await store()
  life.throwIfAborted()
  // A sign-in of the same user may have overtaken it while it was stored.
  const now = session.held as Held<T>
  session.assertUsable(now)
  return now
}

/** Asks the source once, unless the store shows that somebody else has refreshed. */
export const attempt = async <T extends AccessToken>(context: Attempt<T>): Promise<Held<T>> => {
  const { settings, session, tell, onStep, turn, reason, unwanted, flight, onFailure, inTurn } =
    context
  const { source, runtime } = settings
  const { signal } = flight
  const life = session.signal
  const target = await session.reread()
  signal.throwIfAborted()
  if (!isSame(target, unwanted) && session.isUsable(target)) return target

  const sentAt = runtime.now()
  const since = runtime.monotonic()
  let isReported = false
  const report = (
    outcome: (PolicyEvent & { type: 'refresh' })['outcome'],
    error?: TokenError,
  ): void => {
    if (isReported) return
    isReported = true
    const { waiters } = flight
    tell({
      type: 'refresh',
      reason,
      outcome,
      tookMs: runtime.monotonic() - since,
      waiters,
      error,
      retryAt: error?.retryAt,
    })
  }
  // The flight may end first: at the deadline, or because the session has moved.
  signal.addEventListener('abort', () => {
    const error = findTokenError(signal.reason)
    report(error && !life.aborted ? 'failed' : 'dropped', error)
  })
  const keep =
    (answer: T) =>
    (own: Turn): Promise<Held<T>> =>
      commit(context, { answer, target, life, sentAt, turn: own, report })

  try {
    const answer = await source.refresh({ reason, signal, previous: target?.sourced() })
    if (!signal.aborted) return await keep(answer)(turn).finally(onStep)
    // Too late for those who waited, but with rotation it holds the only refresh token that is left.
    if (isSame(session.held, target)) inTurn(keep(answer), life).then(onStep, () => {})
    throw signal.reason
  } catch (thrown) {
    signal.throwIfAborted()
    life.throwIfAborted()
    let error = toTokenError(thrown, source.name)
    if (error.kind === 'signed-out') {
      // Another tab may have won the race for the refresh token.
      await isStillCurrent(turn, error)
      const now = await session.reread()
      signal.throwIfAborted()
      if (!now || isSame(now, target)) {
        report('failed', error)
        session.end(error)
        if (target) await source.clear?.(target.sourced())
        throw error
      }
      if (session.isUsable(now)) {
        report('dropped', error)
        return now
      }
      // By a wrong clock it seems to have ended, but it has a refresh token of its own.
      error = notNewer(source.name)
    }
    const failure = onFailure(error)
    report('failed', failure)
    throw failure
  }
}
