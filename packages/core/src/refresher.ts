import { attempt } from './attempt.ts'
import type { Cooldown } from './cooldown.ts'
import type { News, Turn } from './coordinator.ts'
import { TokenError } from './errors.ts'
import type { Settings } from './options.ts'
import { isSame, type Held, type Session } from './session.ts'
import { orAbort, takeOff, type Flight } from './single-flight.ts'
import type { PolicyEvent } from './snapshot.ts'
import type { RefreshReason } from './source.ts'
import type { AccessToken } from './token.ts'

/** Refreshes, one at a time. */
export interface Refresher<T extends AccessToken> {
  /** The refresh in the air. */
  readonly flight: Flight<Held<T>> | undefined
  /** The last failure, until a refresh succeeds. */
  readonly failure: TokenError | undefined
  /**
   * Waits for the refresh in the air, or for a new one; never for one that brings `unwanted` itself:
   * then for another, or for `undefined` where `mayRepeat` says that there is to be none.
   */
  join(
    reason: RefreshReason,
    unwanted: Held<T> | undefined,
    signal: AbortSignal | undefined,
    mayRepeat?: () => boolean,
  ): Promise<Held<T> | undefined>
  /** Starts a refresh that nobody waits for, unless one is in the air or the provider is to be left alone. */
  start(reason: RefreshReason): void
  /** Another tab was told to wait until then, epoch milliseconds. */
  pause(retryAt: number): void
  /** Somebody has refreshed: what failed before is forgotten. */
  resume(): void
}

/** What a refresher stands on. */
export interface RefresherContext<T extends AccessToken> {
  readonly settings: Settings<T>
  readonly session: Session<T>
  readonly cooldown: Cooldown
  tell(event: PolicyEvent): void
  /** Tells those who coordinate with this policy. */
  publish(news: News): void
  /** Called after each step that may have changed what the snapshot says. */
  onStep(): void
}

/** Without a coordinator nobody else commits. */
const alone: Turn = { stillCurrent: () => true, committed: () => {} }

/** Makes the refresher of one policy. */
export const createRefresher = <T extends AccessToken>(
  context: RefresherContext<T>,
): Refresher<T> => {
  const { settings, session, cooldown, publish, onStep } = context
  const { source, coordinator, runtime, refreshTimeoutMs } = settings
  let flight: Flight<Held<T>> | undefined
  let failure: TokenError | undefined

  const onFailure = (error: TokenError): TokenError => {
    cooldown.failed(error)
    const retryAt = runtime.now() + cooldown.leftMs()
    failure = new TokenError(error.code, error.message, { cause: error.cause, retryAt })
    publish({ kind: 'failed', retryAt })
    return failure
  }

  const resume = (): void => {
    failure = undefined
    cooldown.end()
  }

  /** Runs a job alone; a coordinator that fails itself, or runs it twice, changes nothing. */
  const inTurn = (job: (turn: Turn) => Promise<Held<T>>, signal: AbortSignal): Promise<Held<T>> =>
    new Promise((resolve, reject) => {
      let running: Promise<Held<T>> | undefined
      const once = (turn: Turn): Promise<Held<T>> => {
        if (!running) {
          running = signal.aborted ? Promise.reject(signal.reason) : orAbort(job(turn), signal)
          running.then(resolve, reject)
        }
        return running
      }
      const afterwards = (): Promise<Held<T>> => once(alone)
      const previous = session.held?.sourced()
      const read = async (): Promise<T | undefined> => (await session.reread())?.sourced()
      Promise.resolve()
        .then(() => coordinator?.exclusive(source.name, once, { signal, previous, read }))
        .then(afterwards, afterwards)
        .catch(() => {})
    })

  const takeOffFor = (reason: RefreshReason): Flight<Held<T>> => {
    const unwanted = session.held
    const endsAt = runtime.monotonic() + refreshTimeoutMs
    const timer = runtime.setTimeout(() => {
      const now = session.glance()
      if (!isSame(now, unwanted) && session.isUsable(now)) own.land(now)
      else {
        const message = `Token source ${source.name} did not answer within ${refreshTimeoutMs} ms. Try again later.`
        own.fail(onFailure(new TokenError('timeout', message)))
      }
    }, refreshTimeoutMs)

    const fly = async ({ signal }: Flight<Held<T>>): Promise<Held<T>> => {
      for (;;) {
        const pauseMs = cooldown.leftMs()
        if (failure && pauseMs) {
          // Who waits is served when the pause ends in time; otherwise, and in the background, never hammer.
          if (!own.waiters || pauseMs >= endsAt - runtime.monotonic()) throw failure
          await cooldown.over(signal)
          continue
        }
        try {
          return await inTurn(
            (turn) =>
              attempt({
                ...context,
                turn,
                reason,
                unwanted,
                flight: own,
                onFailure,
                resume,
                inTurn,
              }),
            signal,
          )
        } catch (error) {
          if (signal.aborted || error !== failure || failure?.kind === 'misconfigured') throw error
        }
      }
    }

    const own = takeOff(fly, () => {
      runtime.clearTimeout(timer)
      flight = undefined
      onStep()
    })
    flight = own
    onStep()
    return own
  }

  const join = (
    reason: RefreshReason,
    unwanted: Held<T> | undefined,
    signal: AbortSignal | undefined,
    mayRepeat?: () => boolean,
  ): Promise<Held<T> | undefined> => {
    // Who has left already starts nothing.
    if (signal?.aborted) return Promise.reject(signal.reason)
    const joined = flight
    const now = session.held
    // Another token came in hand since the caller looked.
    if (!joined && !isSame(now, unwanted) && session.isUsable(now)) return Promise.resolve(now)
    const own = joined ?? takeOffFor(reason)
    own.waiters++
    const landing = orAbort(own.promise, signal, () => own.waiters--)
    if (!joined || reason === 'expired') return landing
    // What is unwanted may be the very token that this refresh has brought, and is still storing.
    return landing.then((held) =>
      !isSame(held, unwanted)
        ? held
        : flight || !mayRepeat || mayRepeat()
          ? join(reason, unwanted, signal, mayRepeat)
          : undefined,
    )
  }

  return {
    get flight() {
      return flight
    },
    get failure() {
      return failure
    },
    resume,
    pause(retryAt) {
      cooldown.extend(retryAt)
      if (!cooldown.leftMs() || retryAt <= (failure?.retryAt ?? 0)) return
      const { code, message, cause } =
        failure ?? new TokenError('throttled', 'Another tab was told to wait. Try again later.')
      failure = new TokenError(code, message, { cause, retryAt })
      onStep()
    },
    join,
    start(reason) {
      if (!flight && !cooldown.leftMs()) takeOffFor(reason)
    },
  }
}
