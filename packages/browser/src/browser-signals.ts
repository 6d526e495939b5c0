import type { Policy } from '@unexpired/core'

/** How far the wall clock may run from the steady one before that is a jump, milliseconds. */
const jumpMs = 2_000
/** How often the clocks are compared while the page is visible, milliseconds. */
const lookEveryMs = 10_000

/**
 * Makes the policy look again at once when the page wakes up: a jump of the wall clock (sleep, a
 * corrected clock), `online`, `visibilitychange`, and `pageshow` from the back-forward cache. However
 * many of them come together, at most one refresh follows; hidden pages start none. In a worker only
 * the clocks and `online` are there to be heard.
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
  const page = globalThis as { document?: Document }
  const isHidden = (): boolean => page.document?.visibilityState === 'hidden'
  const drift = (): number => Date.now() - performance.now()
  let before = drift()
  let timer: ReturnType<typeof setInterval> | undefined

  const look = (online?: boolean): void => {
    before = drift()
    policy.recheck({ hidden: isHidden(), online })
  }
  const onTick = (): void => {
    if (Math.abs(drift() - before) > jumpMs) look()
  }
  const onVisibility = (): void => {
    clearInterval(timer)
    timer = isHidden() ? undefined : setInterval(onTick, lookEveryMs)
    look()
  }
  const onShow = (event: Event): void => {
    if ((event as PageTransitionEvent).persisted) look()
  }
  const onOnline = (): void => look(true)

  onVisibility()
  page.document?.addEventListener('visibilitychange', onVisibility)
  addEventListener('pageshow', onShow)
  addEventListener('online', onOnline)
  const stop = (): void => {
    clearInterval(timer)
    page.document?.removeEventListener('visibilitychange', onVisibility)
    removeEventListener('pageshow', onShow)
    removeEventListener('online', onOnline)
    unsubscribe()
  }
  const unsubscribe = policy.subscribe(({ type }) => {
    if (type === 'disposed') stop()
  })
  return stop
}
