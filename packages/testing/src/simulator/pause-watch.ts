import type { Books } from './books.ts'
import type { WaitWatch } from './wait-watch.ts'

/** Whether the pause after a failure is kept where others were told of it, and ends when it has to: rule 9. */
export interface PauseWatch {
  /** From now on the tab listens to others. */
  begins(): void
  /** Something after which the provider may be asked again at once. */
  excuse(): void
  /** Somebody signed in or out, and the tab knows. */
  moved(): void
  /** Another tab was told to leave the provider alone until then, epoch milliseconds. */
  told(retryAt: number): void
  /**
   * Around something that ends the pause at once: called before it, and what it gives right after it,
   * and once more when promises have run.
   */
  ends(): { atOnce(): void; soon(): void }
}

/** What it stands on. */
export interface PauseWatchContext {
  readonly books: Books
  readonly waits: WaitWatch
  /** Until when the policy says that it leaves the provider alone, epoch milliseconds. */
  pausedUntil(): number | undefined
  /** Whether a refresh is in the air. */
  isAsking(): boolean
  /** How many refreshes the tab has started. */
  refreshes(): number
  wasFrozen(): boolean
  isDisposed(): boolean
  fail(rule: number, text: string): void
}

/** Watches the pauses of one tab. */
export const pauseWatch = (context: PauseWatchContext): PauseWatch => {
  const { books, waits, pausedUntil, isAsking, refreshes, wasFrozen, isDisposed, fail } = context
  const { world, clock } = books
  const isPausing = (): boolean => pausedUntil() !== undefined
  let hasBegun = false
  let excusedAtMs = -1
  return {
    begins() {
      hasBegun = true
    },
    excuse() {
      excusedAtMs = clock.monotonic()
    },
    moved() {
      if (isPausing()) fail(9, 'the pause after a failure goes on in another session')
    },
    told(retryAt) {
      if (!hasBegun || isDisposed() || world.coordinator === 'none') return
      // Who is not told of a new token finds it at any time, and it ends the pause.
      if (!world.subscribe) return
      // By then it is heard; unless something else has ended the pause, or is about to.
      clock.setTimeout(() => {
        const slackMs = world.lagMs + (world.readMs ?? 0) + (world.storeMs ?? 0) + 10
        const isExcused = clock.monotonic() - excusedAtMs <= slackMs || clock.now() >= retryAt
        if (isDisposed() || isExcused || (pausedUntil() ?? 0) >= retryAt) return
        fail(9, 'another tab was told to wait, and this one does not')
      }, 2)
    },
    ends() {
      const before = refreshes()
      const isSync = world.readMs === undefined && world.storeMs === undefined
      const isSure = isSync && world.coordinator === 'none' && !wasFrozen() && !isDisposed()
      const waiting = isSure && isPausing() && !isAsking() ? waits.open() : []
      return {
        atOnce() {
          if (!isDisposed() && isPausing())
            fail(9, 'the pause after a failure goes on although it has to end')
        },
        soon() {
          if (waiting.length && refreshes() === before && waiting.every(waits.isOpen))
            fail(9, 'whoever waited for a pause to end waits on after its end')
        },
      }
    },
  }
}
