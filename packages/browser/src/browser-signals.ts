import type { Policy } from '@unexpired/core'

/** How often the clock is looked at while the page is visible, milliseconds. */
const lookEveryMs = 5_000
/** How much more or less than that may have gone by, milliseconds. */
const jumpMs = 2_000

/**
 * Makes the policy look again at once when the page wakes up: the clock has jumped (sleep, a corrected
 * clock), `online`, `visibilitychange`, and `pageshow` from the back-forward cache. However many of
 * them come together, at most one refresh follows; hidden pages start none. In a worker only the clock
 * and `online` are there to be heard, and on a server nothing: there it does nothing.
 *
 * Ends with the policy's `dispose`, or by the function that it returns.
 *
 * @example
 * ```ts
 * import { browserSignals } from '@unexpired/browser'
 * import { policy } from './tokens.ts'
 *
 * browserSignals(policy)
 * ```
 */
export const browserSignals = (policy: Policy): (() => void) => {
  const { document: page, addEventListener: listen } = globalThis as Partial<typeof globalThis>
  if (!listen) return () => {}
  const isHidden = (): boolean => page?.visibilityState === 'hidden'
  const ending = new AbortController()
  const { signal } = ending
  let before = 0
  let timer: ReturnType<typeof setInterval> | undefined

  const look = (online?: boolean): void => policy.recheck({ hidden: isHidden(), online })
  // A machine that sleeps stops its timers, and in some engines the monotonic clock with them: seen
  // from the wall clock, a tick that comes late or early is both a sleep and a clock that was set.
  const onTick = (): void => {
    const now = Date.now()
    if (Math.abs(now - before - lookEveryMs) > jumpMs) look()
    before = now
  }
  const onVisibility = (): void => {
    clearInterval(timer)
    before = Date.now()
    timer = isHidden() ? undefined : setInterval(onTick, lookEveryMs)
    look()
  }
  const onShow = (event: PageTransitionEvent): void => {
    if (event.persisted) look()
  }

  onVisibility()
  page?.addEventListener('visibilitychange', onVisibility, { signal })
  listen('pageshow', onShow, { signal })
  listen('online', () => look(true), { signal })
  const stop = (): void => {
    clearInterval(timer)
    ending.abort()
    unsubscribe()
  }
  const unsubscribe = policy.subscribe(({ type }) => {
    if (type === 'disposed') stop()
  })
  return stop
}
