import type { Runtime } from '@unexpired/core'

/** A runtime whose timers, and whatever else is given to it, stand still for a while: a tab that the browser has frozen. */
export interface Freezer {
  readonly runtime: Runtime
  /** How many timers wait to run. */
  readonly pending: number
  freeze(ms: number): void
  /** Settles as the promise does, but not while frozen. */
  thawed<R>(promise: Promise<R>): Promise<R>
}

/** Makes the runtime of one tab. */
export const freezer = (outside: Runtime): Freezer => {
  let thaw: Promise<void> | undefined
  const timers = new Set<object>()
  const afterThaw = (run: () => void): void => {
    if (thaw) void thaw.then(() => afterThaw(run))
    else run()
  }
  return {
    freeze(ms) {
      const own = new Promise<void>((resolve) => void outside.setTimeout(resolve, ms))
      const both = (thaw ?? Promise.resolve()).then(() => own)
      thaw = both
      void both.then(() => {
        if (thaw === both) thaw = undefined
      })
    },
    thawed: (promise) =>
      new Promise((resolve, reject) => {
        promise.then(
          (value) => afterThaw(() => resolve(value)),
          (error: unknown) => afterThaw(() => reject(error)),
        )
      }),
    get pending() {
      return timers.size
    },
    runtime: {
      ...outside,
      now: () => outside.now(),
      monotonic: () => outside.monotonic(),
      random: () => outside.random(),
      baseUrl: () => undefined,
      clearTimeout(handle) {
        ;(handle as { stop?: () => void } | undefined)?.stop?.()
      },
      setTimeout(callback, ms) {
        const timer = {
          stop: () => {
            timers.delete(timer)
            outside.clearTimeout(inner)
          },
        }
        const inner = outside.setTimeout(
          () =>
            afterThaw(() => {
              if (timers.delete(timer)) callback()
            }),
          ms,
        )
        timers.add(timer)
        return timer
      },
    },
  }
}
