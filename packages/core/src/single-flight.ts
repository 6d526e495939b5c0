/** One job in the air, and those who wait for it. */
export interface Flight<R> {
  /** Settles when the job does, or earlier by `land` and `fail`; never an unhandled rejection. */
  readonly promise: Promise<R>
  /** Aborted as soon as the flight is over, with the error where it failed. */
  readonly signal: AbortSignal
  /** How many wait. */
  waiters: number
  /** Ends the flight with a result. */
  land(result: R): void
  /** Ends the flight with an error. */
  fail(error: unknown): void
}

/**
 * Starts a job that many can wait for. `onOver` runs once, synchronously, before anybody who waits
 * hears of it: whoever then asks again finds the flight gone.
 */
export const takeOff = <R>(
  job: (flight: Flight<R>) => Promise<R>,
  onOver: () => void,
): Flight<R> => {
  const controller = new AbortController()
  let settle: [(result: R) => void, (error: unknown) => void]
  const promise = new Promise<R>((...both) => (settle = both))
  promise.catch(() => {})
  const end = (way: 0 | 1, outcome: unknown): void => {
    if (controller.signal.aborted) return
    onOver()
    controller.abort(way ? outcome : undefined)
    settle[way](outcome as R)
  }
  const flight: Flight<R> = {
    promise,
    signal: controller.signal,
    waiters: 0,
    land: (result) => end(0, result),
    fail: (error) => end(1, error),
  }
  // One microtask later, so that a job which throws or calls back at once finds the flight registered.
  void Promise.resolve(flight).then(job).then(flight.land, flight.fail)
  return flight
}

/**
 * The promise, or the caller's own abort, whichever is first. An abort is personal: it ends this wait
 * and nothing else. Without a signal it is the promise itself, so that waiting costs nothing more.
 */
export const orAbort = <R>(
  promise: Promise<R>,
  signal: AbortSignal | undefined,
  onAbort?: () => void,
): Promise<R> =>
  signal
    ? new Promise<R>((resolve, reject) => {
        const abort = (): void => {
          onAbort?.()
          reject(signal.reason)
        }
        const done = (): void => signal.removeEventListener('abort', abort)
        // Heard even where nobody waits any longer: its failure would be an unhandled rejection.
        void promise.then(resolve, reject).then(done)
        if (signal.aborted) return abort()
        signal.addEventListener('abort', abort, { once: true })
      })
    : promise
