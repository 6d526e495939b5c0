/**
 * What the outside world is to the policy. The platform's by default; a virtual clock in tests.
 */
export interface Runtime {
  /** The wall clock, epoch milliseconds. */
  now(): number
  /** A clock that never jumps, in milliseconds from any origin; durations are measured with it. */
  monotonic(): number
  /** Runs `callback` once, about `ms` milliseconds later; returns a handle for `clearTimeout`. */
  setTimeout(callback: () => void, ms: number): unknown
  /** Stops a timer that has not run; an unknown handle is ignored. */
  clearTimeout(handle: unknown): void
  /** A number in [0, 1), for jitter; it guards no secret. */
  random(): number
  /** The address that relative URLs are resolved against; `undefined` where there is none (a server). */
  baseUrl(): string | undefined
}

/** The platform's clock, timers and randomness, looked up at call time so that test tools can replace them. */
export const platform: Runtime = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
  random: () => Math.random(),
  baseUrl: () => (globalThis as { location?: { href?: string } }).location?.href,
}
