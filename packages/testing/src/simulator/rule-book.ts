import type { AccessToken } from '@unexpired/core'
import type { IdpToken } from '../idp/session-ledger.ts'
import { openBooks, type BooksContext } from './books.ts'
import { tabWatch, type TabWatch } from './tab-watch.ts'

/** The thirteen rules, as they are checked while a schedule runs. */
export interface RuleBook {
  readonly violations: readonly string[]
  violate(rule: number | string, text: string): void
  tab(index: number): TabWatch
  signedIn(token: IdpToken): void
  signedOut(): void
  /** The provider was told to end all sessions. */
  ended(): void
  /** A tab has cleared a session that the provider has ended. */
  cleared(token: AccessToken): void
  /** The server has refused this token. */
  refused(value: string): void
  skewed(): void
  /** The machine has slept: what was good before may not be. */
  slept(): void
  /** Whether the provider has ended the session that was signed in. */
  readonly isOver: boolean
  /** The number of the session that is signed in. */
  readonly session: number | undefined
  sessionOf(value: string | undefined): number | undefined
}

/** Opens the rule book of one run. */
export const ruleBook = (context: BooksContext): RuleBook => {
  const watches = new Set<TabWatch>()
  const onMove = (): void => {
    for (const watch of watches) {
      watch.excuse()
      watch.provider.moved()
    }
  }
  const books = openBooks(context, onMove)
  return {
    violations: books.violations,
    violate: (rule, text) => books.violate(rule, undefined, text),
    tab(index) {
      const watch = tabWatch(books, index, watches)
      watches.add(watch)
      return watch
    },
    get session() {
      return books.session
    },
    get isOver() {
      return books.isOver
    },
    sessionOf: books.sessionOf,
    signedIn(token) {
      books.signIn(token)
      onMove()
    },
    signedOut: books.signOut,
    ended() {
      books.isEnded = true
    },
    cleared: books.clear,
    refused: (value) => void books.refused.add(value),
    slept() {
      books.moves++
      for (const watch of watches) watch.blur()
    },
    skewed() {
      books.isSkewKnownToAll = false
      for (const watch of watches) watch.unlearn()
    },
  }
}
