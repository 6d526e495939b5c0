import type { RefreshContext, Runtime, TokenError } from '@unexpired/core'
import type { World } from './schedule.ts'

/** More refreshes than that in a minute of one tab are a storm. */
const mostInAMinute = 60
/** And so many, when a server refuses whatever it is shown. */
const mostRefusedInAMinute = 20
/** A page that was hidden this long has no refresh in the air from before. */
const longestFlightMs = 21_000

/** How often one tab asks the identity provider: rule 9. */
export interface ProviderWatch {
  starts(asked: RefreshContext): void
  failed(asked: RefreshContext, error: TokenError | undefined): void
  /** Another tab was told to leave the provider alone. */
  told(retryAt: number): void
  /** The tab waits for its turn with the provider. */
  asksForTurn(): void
  hidden(isHidden: boolean): void
  /** A refresh of any tab has failed. */
  somebodyFailed(): void
  /** A caller got this error. */
  callerFailed(what: string, error: TokenError, sinceMs: number): void
  /** Something after which the provider may be asked again at once. */
  excuse(): void
  /** As `excuse`, and the policy knows of it at once: a failure from before is no reason any longer. */
  absolve(): void
}

/** What it stands on. */
export interface ProviderWatchContext {
  readonly world: World
  readonly clock: Runtime
  /** How far the provider's clock is ahead. */
  skewMs(): number
  /** Whether the policy must know that. */
  isSkewKnown(): boolean
  /** Whether a tab was frozen: whoever waits for it may time out. */
  wasFrozen(): boolean
  fail(rule: number, text: string): void
}

/** Watches how often one tab asks. */
export const providerWatch = (context: ProviderWatchContext): ProviderWatch => {
  const { world, clock, skewMs, isSkewKnown, wasFrozen, fail } = context
  const isTold = world.coordinator !== 'none' && world.coordinator !== 'hangs'
  let starts: { readonly atMs: number; readonly isRefused: boolean }[] = []
  let notBefore = 0
  let toldUntil = 0
  let toldAtMs = 0
  let turnAskedAtMs = 0
  let hiddenSinceMs: number | undefined
  let ended: string | undefined
  let asksSinceEnd = 0
  let excusedUntilMs = -1
  let absolvedAtMs = -1
  let failedAtMs = -1

  const storms = (isRefused: boolean): void => {
    const atMs = clock.monotonic()
    starts = [...starts.filter((start) => atMs - start.atMs < 60_000), { atMs, isRefused }]
    if (starts.length > mostInAMinute) fail(9, 'a storm of refreshes')
    if (starts.filter((start) => start.isRefused).length > mostRefusedInAMinute)
      fail(9, 'a storm of refreshes for a server that refuses every token')
  }
  const hurries = (): void => {
    const now = clock.now()
    // Of several tabs one may learn late that another has succeeded, and then need not wait.
    if (now < notBefore) fail(9, `refreshed ${notBefore - now} ms before Retry-After was over`)
    if (now < toldUntil && turnAskedAtMs > toldAtMs + 1 && !wasFrozen())
      fail(9, 'refreshed although another tab was told to wait')
  }
  const isEarly = ({ reason, previous }: RefreshContext): boolean => {
    if (!previous || !/stale|timer|recheck|expired/.test(reason) || !isSkewKnown()) return false
    // The buffer is a fifth, the jitter a fifth of that, and a claim is cut to a second.
    const leftMs = previous.expiresAt - (clock.now() + skewMs())
    return leftMs > 0.24 * world.lifetimeMs + 2_500
  }

  return {
    starts(asked) {
      const { reason, previous } = asked
      storms(reason === 'refused')
      hurries()
      if (isEarly(asked)) fail(9, `refreshed early (${reason})`)
      const hiddenMs = clock.monotonic() - (hiddenSinceMs ?? Infinity)
      if (/timer|recheck/.test(reason) && hiddenMs > longestFlightMs && !wasFrozen())
        fail(9, 'a hidden page refreshes')
      // A store that is cleared tells of it, and whoever hears that may ask once more.
      if (reason !== 'manual' && ended === (previous?.value ?? '') && ++asksSinceEnd > world.tabs)
        fail(9, 'asked again for a session that has ended')
    },
    failed(asked, error) {
      const retryAt = error?.retryAt ?? 0
      notBefore = clock.monotonic() <= excusedUntilMs ? 0 : retryAt
      if (error?.kind === 'signed-out') {
        const value = asked.previous?.value ?? ''
        if (ended !== value) asksSinceEnd = 0
        ended = value
      }
    },
    told(retryAt) {
      if (!isTold || clock.monotonic() <= excusedUntilMs) return
      toldAtMs = clock.monotonic()
      toldUntil = retryAt
    },
    asksForTurn() {
      turnAskedAtMs = clock.monotonic()
    },
    hidden(isHidden) {
      hiddenSinceMs = isHidden ? (hiddenSinceMs ?? clock.monotonic()) : undefined
    },
    somebodyFailed() {
      failedAtMs = clock.monotonic()
    },
    callerFailed(what, { code, kind }, sinceMs) {
      // Who waited for a turn in vain has a failure of its own, without a refresh.
      if (!/offline|transient/.test(kind) || code === 'timeout' || wasFrozen()) return
      if (absolvedAtMs >= 0 && sinceMs > absolvedAtMs && failedAtMs < absolvedAtMs - 5)
        fail(9, `${what} failed by ${code}, a failure from before the pause was ended`)
    },
    excuse() {
      notBefore = toldUntil = 0
      ended = undefined
      excusedUntilMs = clock.monotonic() + world.lagMs + (world.readMs ?? 0) + 1_100
    },
    absolve() {
      absolvedAtMs = clock.monotonic()
    },
  }
}
