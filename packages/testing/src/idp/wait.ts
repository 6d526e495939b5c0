import type { Runtime } from '@unexpired/core'

/** Resolves after `ms` of this runtime's time; at once, without a timer, for 0. */
export const wait = (runtime: Runtime, ms: number): Promise<void> =>
  ms > 0 ? new Promise((resolve) => void runtime.setTimeout(resolve, ms)) : Promise.resolve()

/** Settles as `promise` does, or rejects with the signal's reason, whichever comes first. */
export const unlessAborted = <R>(promise: Promise<R>, signal: AbortSignal): Promise<R> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    const forget = (): void => signal.removeEventListener('abort', onAbort)
    promise.then(resolve, reject).finally(forget)
  })
