import { findTokenError } from '@unexpired/core'
import type { AccessToken, RefreshContext } from '@unexpired/core'
import type { Books } from './books.ts'

/** Whether a tab loses a session that could go on. */
export interface LossWatch {
  /** An answer has come when nobody waited for it any longer. */
  cameLate(token: AccessToken, asked: RefreshContext): void
  /** The provider has refused a refresh of this token. */
  turnedAway(previous: AccessToken | undefined): void
  /** The tab says that nobody is signed in. */
  signedOut(): void
}

/** What it stands on. */
export interface LossWatchContext {
  readonly books: Books
  isDisposed(): boolean
  /** How many refreshes the tab has started. */
  refreshes(): number
  fail(rule: number | string, text: string): void
}

/** Watches what one tab loses. */
export const lossWatch = (context: LossWatchContext): LossWatch => {
  const { books, isDisposed, refreshes, fail } = context
  const { world, idp, device, clock } = books
  let refused: string | undefined

  /** Whether this tab can see a good token with which another has renewed the session. */
  const isRenewed = (): boolean => {
    const { stored } = device
    if (!stored || isDisposed() || books.session === undefined || books.isOver || books.isEnded)
      return false
    if (world.reuse !== 'refuse' || world.lagMs || world.hiddenSession || !world.subscribe)
      return false
    if (world.readMs !== undefined || !books.isSkewKnownToAll || refused === undefined) return false
    const leftMs = stored.expiresAt - (clock.now() + idp.skewMs)
    return (
      stored.value !== refused &&
      books.sessionOf(stored.value) === books.session &&
      leftMs > 0.2 * world.lifetimeMs
    )
  }

  return {
    cameLate(token, { signal, previous }) {
      const isLate = findTokenError(signal.reason)?.code === 'timeout'
      if (!isLate || isDisposed() || world.tabs > 1 || world.hiddenSession) return
      if (!previous || device.stored?.value !== previous.value) return
      // Not that of the faults that give what nobody can use.
      if (token.value === previous.value || !/^\S+$/.test(token.value)) return
      const [before, moves] = [refreshes(), books.moves]
      clock.setTimeout(() => {
        const isAsBefore = before === refreshes() && moves === books.moves && !isDisposed()
        if (isAsBefore && device.stored?.value === previous.value)
          fail('late answer', 'the only refresh token that is left was thrown away')
      }, 2_500)
    },
    turnedAway(previous) {
      refused = previous?.value
    },
    signedOut() {
      if (isRenewed()) fail(6, 'signed out although another tab has renewed the session')
    },
  }
}
