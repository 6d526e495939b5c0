import type { RefreshContext, TokenError } from '@unexpired/core'
import type { Books } from './books.ts'

/** More refreshes than that in a minute of one tab are a storm. */
const mostInAMinute = 60
/** And so many, when a server refuses whatever it is shown. */
const mostRefusedInAMinute = 20
/** After so many refreshes the provider answers no more: a policy that asks without end would never let time pass. */
const mostInARun = 2_000
/** A page that was hidden this long has no refresh in the air from before. */
const longestFlightMs = 21_000

/** How often one tab asks the identity provider: rule 9. */
export interface ProviderWatch {
  /** Gives whether the run has gone wild, and this refresh must have no answer. */
  starts(asked: RefreshContext): boolean
  /** One that belonged to this session has failed. */
  failed(asked: RefreshContext, session: number | undefined, error: TokenError | undefined): void
  hidden(isHidden: boolean): void
  /** Somebody signed in or out. */
  moved(): void
  /** Something after which the provider may be asked again at once. */
  excuse(): void
}

/** What it stands on. */
export interface ProviderWatchContext {
  readonly books: Books
  /** Whether the policy must know how far the provider's clock is off. */
  isSkewKnown(): boolean
  /** Whether the tab was frozen: whoever waits in it may time out. */
  wasFrozen(): boolean
  fail(rule: number, text: string): void
}

/** Watches how often one tab asks. */
export const providerWatch = (context: ProviderWatchContext): ProviderWatch => {
  const { books, isSkewKnown, wasFrozen, fail } = context
  const { world, clock, idp } = books
  let starts: { readonly atMs: number; readonly isRefused: boolean }[] = []
  let count = 0
  let notBefore = 0
  let hiddenSinceMs: number | undefined
  let ends = 0

  const storms = (isRefused: boolean): void => {
    const atMs = clock.monotonic()
    starts = [...starts.filter((start) => atMs - start.atMs < 60_000), { atMs, isRefused }]
    if (starts.length > mostInAMinute) fail(9, 'a storm of refreshes')
    if (starts.filter((start) => start.isRefused).length > mostRefusedInAMinute)
      fail(9, 'a storm of refreshes for a server that refuses every token')
  }
  const isEarly = ({ reason, previous }: RefreshContext): boolean => {
    if (!previous || !/stale|timer|recheck|expired/.test(reason) || !isSkewKnown()) return false
    // The buffer is a fifth, the jitter a fifth of that, and a claim is cut to a second.
    const leftMs = previous.expiresAt - (clock.now() + idp.skewMs)
    return leftMs > 0.24 * world.lifetimeMs + 2_500
  }

  return {
    starts(asked) {
      const { reason } = asked
      storms(reason === 'refused')
      // Of several tabs one may learn late that another has succeeded, and then need not wait.
      if (world.tabs === 1 && clock.now() < notBefore)
        fail(9, `refreshed ${notBefore - clock.now()} ms before Retry-After was over`)
      if (isEarly(asked)) fail(9, `refreshed early (${reason})`)
      const hiddenMs = clock.monotonic() - (hiddenSinceMs ?? Infinity)
      if (/timer|recheck/.test(reason) && hiddenMs > longestFlightMs && !wasFrozen())
        fail(9, 'a hidden page refreshes')
      return ++count > mostInARun
    },
    failed(asked, of, error) {
      // A failure of a former session says nothing of this one, once the tab has found out.
      notBefore = of === books.session ? (error?.retryAt ?? 0) : 0
      // A store that is cleared tells of it, and whoever hears that may ask once more.
      const isEnd = error?.kind === 'signed-out' && asked.reason !== 'manual'
      if (isEnd && world.hiddenSession && ++ends > 2)
        fail(9, 'asked again for a session that has ended')
    },
    hidden(isHidden) {
      hiddenSinceMs = isHidden ? (hiddenSinceMs ?? clock.monotonic()) : undefined
    },
    moved() {
      ends = 0
    },
    excuse() {
      notBefore = 0
    },
  }
}
