import { findTokenError } from '@unexpired/core'
import type { Books } from './books.ts'

/** The longest that a caller may wait: for the store, and for two flights where the first brought the refused token. */
const longestWaitMs = 31_000

/** One wait of one caller. */
export interface Wait {
  /** It was not answered at once. */
  pending(): void
  /** It was answered; with an error, or without. */
  answered(error: unknown): void
  /** It was answered with this token. */
  gave(value: string): void
}

/** The waits of all callers in one tab: rules 4, 5 and 7, and that nobody speaks in another's name. */
export interface WaitWatch {
  starts(what: string, signal: AbortSignal | undefined): Wait
  open(): readonly object[]
  isOpen(wait: object): boolean
  close(): void
}

/** What it stands on. */
export interface WaitWatchContext {
  readonly books: Books
  /** Whether the tab holds a good token of the session that is signed in. */
  isGood(): boolean
  wasFrozen(): boolean
  isDisposed(): boolean
  fail(rule: number, text: string): void
  note(text: string): void
}

const textOf = (error: unknown): string =>
  error instanceof Error ? error.message : JSON.stringify(error)

/** Watches the waits of one tab. */
export const waitWatch = (context: WaitWatchContext): WaitWatch => {
  const { books, isGood, wasFrozen, isDisposed, fail, note } = context
  const { world, clock } = books
  const open = new Set<{ what: string; sinceMs: number }>()
  return {
    open: () => [...open],
    isOpen: (wait) => (open as ReadonlySet<object>).has(wait),
    starts(what, signal) {
      const wait = { what, sinceMs: clock.monotonic() }
      const [movesBefore, userBefore] = [books.moves, books.userOf(books.session)]
      const isNew = what !== 'recover()' && what !== 'refresh()'
      const wasGood = isNew && isGood() && !books.isOver
      let abortedAt: number | undefined
      open.add(wait)
      signal?.addEventListener('abort', () => (abortedAt = clock.monotonic()))
      return {
        pending() {
          if (wasGood && world.readMs === undefined)
            fail(7, `${what} waits although the token is good`)
        },
        gave(value) {
          const user = books.userOf(books.sessionOf(value))
          const isTold = world.subscribe && world.readMs === undefined && !isDisposed()
          if (isTold && userBefore && user !== userBefore)
            fail(6, `${what} was asked for ${userBefore} and got a token of ${user}`)
        },
        answered(error) {
          open.delete(wait)
          const tookMs = clock.monotonic() - wait.sinceMs
          if (tookMs > longestWaitMs && !wasFrozen()) fail(4, `${what} took ${tookMs} ms`)
          if (error === undefined) return
          if (signal?.aborted) {
            if (error !== signal.reason) fail(5, `${what}: an abort gave ${textOf(error)}`)
            if (abortedAt !== undefined && clock.monotonic() > abortedAt)
              fail(5, `${what}: an abort was noticed late`)
            return
          }
          const known = findTokenError(error)
          note(`${what} failed: ${known?.code ?? textOf(error)}`)
          if (!known) return fail(5, `${what} failed by what is no TokenError: ${textOf(error)}`)
          if (books.hasSecret(`${known.message} ${known.stack} ${JSON.stringify(known.cause)}`))
            fail(11, 'a token in an error')
          const isAsBefore = books.moves === movesBefore && !isDisposed()
          if (wasGood && isAsBefore && known.kind !== 'signed-out')
            fail(7, `${what} failed by ${known.code} although the token was good`)
        },
      }
    },
    close() {
      for (const { what } of open) fail(4, `${what} never ended`)
    },
  }
}
