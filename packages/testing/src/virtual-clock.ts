import type { Runtime } from '@unexpired/core'
import { microtaskDrain } from './microtasks.ts'
import { seededRandom } from './seeded-random.ts'

/** How a virtual clock starts. */
export interface VirtualClockOptions {
  /** The wall clock at the start, epoch milliseconds. Default: midnight UTC at the start of 2026. */
  readonly now?: number | undefined
  /** What `random()` starts from; the same seed gives the same numbers. Default 1. */
  readonly seed?: number | undefined
  /** The address that relative URLs are resolved against. Default: none, as on a server. */
  readonly baseUrl?: string | undefined
}

/** What else happens when the wall clock jumps. */
export interface JumpOptions {
  /** `true` when the monotonic clock counts the time too. Default `false`: it stands still, as it does while most machines sleep. */
  readonly monotonic?: boolean | undefined
  /** What becomes of timers: those that came due run once the clock has jumped (`due`, the default), or all keep the time they had left (`frozen`). */
  readonly timers?: 'due' | 'frozen' | undefined
}

/** A `Runtime` whose time passes only when a test says so. */
export interface VirtualClock extends Runtime {
  /**
   * Lets `ms` milliseconds pass: runs each timer that comes due, in order and at its own moment, and
   * lets everything that waits for promises run before, between and after.
   *
   * @throws what the first throwing timer threw, after the whole time has passed; an `Error` when
   * timers start each other without an end at one moment.
   */
  advance(ms: number): Promise<void>
  /**
   * Moves the wall clock by `ms` at once, as on a laptop that wakes up (or by a negative number, as
   * when the clock is corrected), then runs the timers that have come due meanwhile.
   *
   * @throws as `advance` does.
   */
  jump(ms: number, options?: JumpOptions): Promise<void>
  /** How many timers wait to run: 0 when whatever is tested has cleaned up. */
  readonly pending: number
  /** What `random()` started from: print it with a failure, give it back to replay. */
  readonly seed: number
}

interface Timer {
  readonly dueAt: number
  readonly callback: () => void
}

/** A longer delay overflows in browsers and in Node, and the timer runs at once; so it does here. */
const longestDelayMs = 2 ** 31 - 1
const mostTimersAtOneMoment = 10_000

/**
 * A clock for tests of anything that expires: hand it to `createPolicy` as its `runtime`, then let
 * hours pass in no time. Needs no test framework and patches no global.
 *
 * A delay over 2 147 483 647 ms runs after 1 ms, as the HTML standard's and Node's timers do.
 *
 * @example
 * ```ts
 * import { virtualClock } from '@unexpired/testing'
 *
 * const clock = virtualClock()
 * let rang = false
 * clock.setTimeout(() => (rang = true), 60_000)
 * await clock.advance(60_000)
 * console.log(rang, clock.pending) // true 0
 * ```
 */
export const virtualClock = (options: VirtualClockOptions = {}): VirtualClock => {
  const { now = Date.UTC(2026, 0, 1), seed = 1, baseUrl } = options
  const timers = new Map<number, Timer>()
  const drain = microtaskDrain()
  const random = seededRandom(seed)
  let wall = now
  let monotonic = 0
  // Timers have an axis of their own: a sleeping machine may count the time for one clock and not for another.
  let timeline = 0
  let lastHandle = 0
  let queue: Promise<void> = Promise.resolve()

  const nextDue = (until: number): [number, Timer] | undefined => {
    let next: [number, Timer] | undefined
    for (const entry of timers)
      if (entry[1].dueAt <= until && (!next || entry[1].dueAt < next[1].dueAt)) next = entry
    return next
  }

  const runDue = async (until: number, passed: (ms: number) => void): Promise<void> => {
    const failures: unknown[] = []
    let atThisMoment = 0
    await drain()
    for (let next = nextDue(until); next; next = nextDue(until)) {
      const [handle, timer] = next
      const ms = Math.max(0, timer.dueAt - timeline)
      atThisMoment = ms === 0 ? atThisMoment + 1 : 0
      if (atThisMoment > mostTimersAtOneMoment)
        throw new Error(
          'Timers keep starting timers at one moment, so time cannot pass. Give the repeating timer a delay.',
        )
      timers.delete(handle)
      timeline += ms
      passed(ms)
      try {
        timer.callback()
      } catch (error) {
        failures.push(error)
      }
      await drain()
    }
    passed(until - timeline)
    timeline = until
    if (failures.length > 0) throw failures[0]
  }

  const inTurn = (step: () => Promise<void>): Promise<void> => {
    const done = queue.then(step)
    queue = done.catch(() => {})
    return done
  }

  return {
    now: () => wall,
    monotonic: () => monotonic,
    setTimeout: (callback, ms) => {
      const delay = ms > longestDelayMs ? 1 : Math.max(0, ms || 0)
      timers.set(++lastHandle, { dueAt: timeline + delay, callback })
      return lastHandle
    },
    clearTimeout: (handle) => void timers.delete(handle as number),
    random,
    baseUrl: () => baseUrl,
    advance: (ms) =>
      inTurn(() =>
        runDue(timeline + ms, (passed) => {
          wall += passed
          monotonic += passed
        }),
      ),
    jump: (ms, { monotonic: counts = false, timers: mode = 'due' } = {}) =>
      inTurn(async () => {
        await drain()
        const forward = Math.max(0, ms)
        wall += ms
        if (counts) monotonic += forward
        await runDue(timeline + (mode === 'due' ? forward : 0), () => {})
      }),
    get pending() {
      return timers.size
    },
    seed,
  }
}
