import type { Policy } from '@unexpired/core'

/** How often the clocks are compared while the page is visible, milliseconds. */
const lookEveryMs = 5_000
/** How far the wall clock may run from the steady one meanwhile, milliseconds. */
const jumpMs = 2_000
/** A steady clock that goes on while the machine sleeps shows it by this; a busy page is never so late, milliseconds. */
const sleepMs = 60_000

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
  const ending = new AbortController()
  const { signal } = ending
  let wall = 0
  let steady = 0
  let timer: ReturnType<typeof setInterval> | undefined

  const look = (online?: boolean): void => policy.recheck({ hidden: page?.hidden, online })
  const hasJumped = (): boolean => {
    const wallMs = Date.now() - wall
    const steadyMs = performance.now() - steady
    wall += wallMs
    steady += steadyMs
    return Math.abs(wallMs - steadyMs) > jumpMs || steadyMs > sleepMs
  }
  const onTick = (): void => {
    if (hasJumped()) look()
  }
  const onVisibility = (): void => {
    clearInterval(timer)
    hasJumped()
    timer = page?.hidden ? undefined : setInterval(onTick, lookEveryMs)
    look()
  }

  onVisibility()
  page?.addEventListener('visibilitychange', onVisibility, { signal })
  listen('pageshow', () => look(), { signal })
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
