import { createAuthorizer, type Authorizer } from './authorize.ts'
import { createCooldown } from './cooldown.ts'
import type { News } from './coordinator.ts'
import { TokenError } from './errors.ts'
import { settingsOf, type PolicyOptions } from './options.ts'
import { createRefresher } from './refresher.ts'
import { createSession, isOtherUser, type Held, type Reading } from './session.ts'
import { orAbort } from './single-flight.ts'
import { createListeners, harmlessly } from './listeners.ts'
import { snapshotOf, type PolicyEvent, type PolicySnapshot } from './snapshot.ts'
import type { AccessToken } from './token.ts'

/** Tells the policy what the page has noticed. */
export interface RecheckHints {
  /** `true` when the page is hidden: background refreshes then wait. */
  readonly hidden?: boolean | undefined
  /** `true` when the network has come back: the cool-down ends. */
  readonly online?: boolean | undefined
}

/** How to ask for a refresh. */
export interface RefreshOptions {
  /** Refresh only if this token is still the current one; otherwise the current one is given. Default: the current one. */
  readonly ifToken?: AccessToken | undefined
  /** The caller's own signal: it ends this caller's wait, and nobody else's. */
  readonly signal?: AbortSignal | undefined
}

/** One session's tokens, kept fresh. Made by {@link createPolicy}; shared by every client of an app. */
export interface Policy extends Authorizer {
  /**
   * The access token: itself while fresh or stale, a promise when a refresh must be waited for.
   *
   * @throws {@link TokenError} (as a rejection) when there is no usable token and none can be had.
   */
  token(options?: { readonly signal?: AbortSignal | undefined }): AccessToken | Promise<AccessToken>
  /** Refreshes, or joins the refresh that is in the air; no network where the current token is no longer `ifToken`. */
  refresh(options?: RefreshOptions): Promise<AccessToken>
  /** Looks at the clock, the store and the hints again, now; refreshes where that is due and the page is visible. */
  recheck(hints?: RecheckHints): void
  /** What the policy knows, without asking anybody. */
  snapshot(): PolicySnapshot
  /** Hears every change and every refresh. Returns how to stop. A listener that throws harms nobody. */
  subscribe(listener: (event: PolicyEvent) => void): () => void
  /** Ends everything: waiters reject with `disposed`, timers and subscriptions are gone. */
  dispose(): void
  /** The settings as they are in force, in a form that can be printed and compared. */
  readonly settings: Readonly<Record<string, unknown>>
}

/**
 * Makes the policy of an app: one for each session, shared by all of its HTTP clients.
 *
 * Nothing happens until it is first asked: no read, no timer, no subscription.
 *
 * @throws TypeError at once on unknown or impossible options; the message names the option and what is allowed.
 *
 * @example
 * ```ts
 * import { createPolicy } from '@unexpired/core'
 * import { amplifyTokens } from '@unexpired/amplify'
 *
 * export const policy = createPolicy({
 *   source: amplifyTokens(),
 *   origins: ['https://api.example.com'],
 * })
 * ```
 */
export const createPolicy = <T extends AccessToken>(options: PolicyOptions<T>): Policy => {
  const settings = settingsOf(options)
  const { source, runtime, coordinator, keepFresh, refreshTimeoutMs } = settings
  const listeners = createListeners()
  const cooldown = createCooldown(settings)
  let isAsked = false
  let isHidden = false
  const life = new AbortController()
  let over: TokenError | undefined
  let stopHearing: (() => void) | undefined
  let timer: unknown

  const session = createSession(settings, {
    onMove(error, teller) {
      refresher.resume()
      refresher.flight?.fail(error)
      const { held, nobody } = session
      listeners.tell({ type: 'session', status: held ? 'signed-in' : 'signed-out', error: nobody })
      // Who was told by others does not tell them back, and an end is nobody else's affair.
      if (teller !== 'others' && !life.signal.aborted) publish({ kind: 'changed' })
      onStep()
    },
    onRenewal() {
      refresher.resume()
      onStep()
    },
  })

  let shown: PolicySnapshot = Object.freeze({
    status: 'unknown',
    expiresAt: undefined,
    retryAt: undefined,
    error: undefined,
  })
  const snapshot = (): PolicySnapshot => {
    const now = snapshotOf(session, refresher, cooldown)
    if (Object.entries(now).some(([name, value]) => shown[name as keyof PolicySnapshot] !== value))
      shown = Object.freeze(now)
    return shown
  }

  const schedule = (): void => {
    runtime.clearTimeout(timer)
    const { held } = session
    if (!keepFresh || isHidden || !held || refresher.flight) return
    const ms = Math.max(held.staleAt - runtime.now(), cooldown.leftMs(), 0)
    // A longer delay than 2^31 - 1 ms would run at once; this one looks again after it.
    timer = runtime.setTimeout(
      () => {
        if (session.zone(held) !== 'fresh') refresher.start('timer')
        // A timer may run a little early, while the pause is not quite over.
        schedule()
      },
      Math.min(ms, 2 ** 31 - 1),
    )
    // In Node a timer that waits for a token to age must not keep the process alive.
    ;(timer as { unref?: () => void } | undefined)?.unref?.()
  }

  let told = shown
  const onStep = (): void => {
    // Not what was shown last: who looked in between has told nobody else.
    if (snapshot() !== told) {
      told = shown
      listeners.tell({ type: 'status', status: shown.status })
    }
    schedule()
  }

  const publish = (news: News): void => harmlessly(() => coordinator?.publish?.(source.name, news))

  const refresher = createRefresher({
    settings,
    session,
    cooldown,
    tell: listeners.tell,
    publish,
    onStep,
  })

  const onNews = (news: News): unknown => {
    if (news.kind === 'changed') return session.changed('others')
    if (news.kind === 'failed') return refresher.pause(news.retryAt)
    if (news.kind === 'notice') return listeners.tell({ type: 'notice', message: news.message })
    // A tab that was opened after a deployment may have more to say than this version understands.
    if (news.kind !== 'refreshed') return undefined
    refresher.resume()
    const { held, nobody, epoch } = session
    const { token } = news
    // Handed over is the next token of this session, or the first; who left here is not signed back in.
    if (!token || (!held && (nobody || epoch))) return session.reread()
    if (held && isOtherUser(held.token, token)) return session.changed('others')
    return session.take(token as T)
  }

  const begin = (): void => {
    isAsked = true
    harmlessly(() => {
      stopHearing = coordinator?.subscribe?.(source.name, (news) => harmlessly(() => onNews(news)))
    })
  }

  /** The store's answer within the deadline; a store that hangs takes no good token away. */
  const inTime = (reading: Reading<T>): Promise<Held<T> | undefined> =>
    new Promise((resolve, reject) => {
      const onAnswer = (): void => runtime.clearTimeout(late)
      const late = runtime.setTimeout(() => {
        if (session.isUsable(session.held)) resolve(session.held)
        else
          reject(
            new TokenError(
              'timeout',
              `The store of token source ${source.name} did not answer in time. Try again later.`,
            ),
          )
      }, refreshTimeoutMs)
      void orAbort(Promise.resolve(reading), life.signal, onAnswer)
        .then(resolve, reject)
        .then(onAnswer)
    })

  const ask = (signal: AbortSignal | undefined): Reading<T> => {
    if (over) throw over
    if (!isAsked) begin()
    const reading = session.look()
    return reading instanceof Promise ? orAbort(inTime(reading), signal) : reading
  }

  const look = async (signal: AbortSignal | undefined): Promise<Held<T> | undefined> => ask(signal)

  const choose = (held: Held<T> | undefined, signal: AbortSignal | undefined): Reading<T> => {
    if (over) throw over
    if (!held)
      return session.nobody
        ? undefined
        : refresher.join('expired', held, signal).catch((error: unknown) => {
            // A session out of sight that turns out to be none is as if nobody had been asked.
            if (error !== session.nobody) throw error
            return undefined
          })
    const now = runtime.now()
    if (now < held.staleAt) return held
    if (now >= held.expiredAt) return refresher.join('expired', held, signal)
    refresher.start('stale')
    return held
  }

  const ready = (signal: AbortSignal | undefined): Reading<T> => {
    try {
      const reading = ask(signal)
      // Every request comes by here, and a promise is told from a token fastest by its class.
      return reading instanceof Promise
        ? reading.then((held) => choose(held, signal))
        : choose(reading, signal)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  const tokenOf = (held: Held<T> | undefined): AccessToken => {
    if (!held) throw session.reason
    return held.token
  }

  return {
    ...createAuthorizer({ settings, session, refresher, ready, look }),
    settings: settings.shown,
    token(asked) {
      const held = ready(asked?.signal)
      return held && 'token' in held ? held.token : Promise.resolve(held).then(tokenOf)
    },
    async refresh({ ifToken, signal } = {}) {
      const held = await look(signal)
      // Who is signed in out of sight, only a refresh can tell.
      if (session.nobody && !source.hiddenSession) throw session.nobody
      if (ifToken && held?.token.value !== ifToken.value && session.isUsable(held))
        return held.token
      return tokenOf(await refresher.join('manual', held, signal))
    },
    recheck({ hidden = isHidden, online } = {}) {
      isHidden = hidden
      schedule()
      if (online) cooldown.end()
      if (!isAsked || life.signal.aborted) return
      session
        .reread()
        .then((held) => {
          if (!isHidden && !session.nobody && !(held && session.zone(held) === 'fresh'))
            refresher.start('recheck')
          onStep()
        })
        .catch(() => {})
    },
    snapshot,
    subscribe: listeners.add,
    dispose() {
      if (life.signal.aborted) return
      const error = new TokenError('disposed', 'The policy was disposed. Create a new one.')
      over = error
      life.abort(error)
      listeners.tell({ type: 'disposed' })
      listeners.clear()
      session.stop(error)
      harmlessly(() => stopHearing?.())
    },
  }
}
