import type { TokenError } from './errors.ts'
import { backoffMs, longestPauseMs } from './retry.ts'
import type { Runtime } from './runtime.ts'

/** What a cool-down depends on. */
export interface CooldownOptions {
  readonly runtime: Runtime
  readonly retryBaseMs: number
  readonly retryMaxMs: number
}

/** The pause after failures, in which the identity provider is left alone. */
export interface Cooldown {
  /** How much of it is left, milliseconds; 0 when there is no pause. */
  leftMs(): number
  /** A failure: the pause grows, and is at least as long as the provider asked for. */
  failed(error: TokenError): void
  /** Somebody else was told to wait until then, epoch milliseconds. */
  extend(retryAt: number): void
  /** A success, a new token, the network is back: the pause ends, and who sleeps wakes up. */
  end(): void
  /** Sleeps until the pause is over, or the signal is aborted. */
  over(signal: AbortSignal): Promise<void>
}

/** Makes the pause of one policy. */
export const createCooldown = ({ runtime, retryBaseMs, retryMaxMs }: CooldownOptions): Cooldown => {
  // By both clocks, and over when either says so: the wall clock may be set back by hours, and the
  // other one may stand still while the machine sleeps.
  let wall = 0
  let steady = 0
  let failures = 0
  const sleepers = new Set<() => void>()
  const leftMs = (): number =>
    Math.max(0, Math.min(wall - runtime.now(), steady - runtime.monotonic()))
  const extend = (retryAt: number): void => {
    const ms = Math.min(retryAt - runtime.now(), longestPauseMs)
    if (!(ms > leftMs())) return
    wall = runtime.now() + ms
    steady = runtime.monotonic() + ms
  }
  return {
    leftMs,
    extend,
    failed({ retryAt = 0 }) {
      extend(runtime.now() + backoffMs(++failures, retryBaseMs, retryMaxMs, runtime.random()))
      extend(retryAt)
    },
    end() {
      wall = steady = failures = 0
      for (const wake of sleepers) wake()
    },
    over: (signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          runtime.clearTimeout(timer)
          sleepers.delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        const timer = runtime.setTimeout(wake, leftMs())
        sleepers.add(wake)
        signal.addEventListener('abort', wake)
      }),
  }
}
