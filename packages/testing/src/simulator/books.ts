import type { AccessToken, Runtime } from '@unexpired/core'
import type { Device, ScriptedIdp } from '../idp/scripted-idp.ts'
import type { IdpToken } from '../idp/session-ledger.ts'
import type { World } from './schedule.ts'
import type { Timeline } from './timeline.ts'

/** What the rules stand on. */
export interface BooksContext {
  readonly world: World
  readonly idp: ScriptedIdp
  /** The browser that the tabs are in. */
  readonly device: Device
  readonly clock: Runtime
  readonly line: Timeline
}

/** What all tabs of a run have in common: who is really signed in, and which token is whose. */
export interface Books extends BooksContext {
  readonly violations: readonly string[]
  violate(rule: number | string, tab: number | undefined, text: string): void
  /** The number of the session that is signed in. */
  readonly session: number | undefined
  /** Whether the provider has ended it, and a tab has cleared it; the others learn of it one after the other. */
  readonly isOver: boolean
  /** Whether the provider was told to end it. */
  isEnded: boolean
  /** Counts sign-ins, sign-outs and sleeps. */
  moves: number
  /** Refreshes in the air, in all tabs. */
  inAir: number
  /** Whether all clocks agree, and always did. */
  isSkewKnownToAll: boolean
  /** The values that a server has refused. */
  readonly refused: Set<string>
  sessionOf(value: string | undefined): number | undefined
  /** Which came first: tokens are numbered as they come. */
  orderOf(value: string): number
  /** The user of a session. */
  userOf(session: number | undefined): string | undefined
  /** A refresh has given this token. */
  issued(token: AccessToken, session: number): void
  /** Whether a token of this session may be used now. */
  isCurrent(session: number | undefined): boolean
  /** The store has changed, or a tab has told the others so. */
  changed(): void
  hasSecret(text: string): boolean
  signIn(token: IdpToken): void
  signOut(): void
  clear(token: AccessToken): void
}

/** Opens the books of one run; `onMove` is told whenever somebody signs in or out. */
export const openBooks = (context: BooksContext, onMove: () => void): Books => {
  const { world, idp, device, clock, line } = context
  const violations: string[] = []
  const sessions = new Map<string, number>()
  /** The user of each session, by its number. */
  const users: string[] = []
  let session: number | undefined
  let isOver = false
  /** Until when the former sessions were signed in (monotonic). */
  const untilMs = new Map<number | undefined, number>()

  /** When the store has changed, or a tab has told the others so. */
  const changes: number[] = []

  const move = (next: number | undefined): void => {
    isOver = books.isEnded = false
    untilMs.set(session, clock.monotonic())
    session = next
    books.moves++
    onMove()
  }

  const books: Books = {
    ...context,
    violations,
    violate(rule, tab, text) {
      violations.push(`rule ${rule}: ${tab === undefined ? '' : `tab ${tab}: `}${text}`)
      line.add(tab, `✗ rule ${rule}: ${text}`)
    },
    get session() {
      return session
    },
    get isOver() {
      return isOver
    },
    isEnded: false,
    moves: 0,
    inAir: 0,
    isSkewKnownToAll: world.skewMs === 0,
    refused: new Set(),
    sessionOf: (value) => sessions.get(value ?? ''),
    orderOf: (value) => [...sessions.keys()].indexOf(value),
    userOf: (of) => users[of ?? -1],
    issued: ({ value }, of) => void sessions.set(value, of),
    isCurrent: (of) => {
      if (of === session || isOver) return true
      const { readMs = 0, storeMs = 0, subscribe, readsEarly, lagMs } = world
      const agoMs = clock.monotonic() - (untilMs.get(of) ?? -Infinity)
      // A read that was under way when the session moved may still tell of the former one, if nobody said so.
      if (!subscribe) return agoMs <= readMs + storeMs
      // And if the store changes all the time, the third read counts whatever happens.
      const sinceMs = clock.monotonic() - 3 * readMs - lagMs - 2
      const isRestless = changes.filter((atMs) => atMs >= sinceMs).length > 2
      return !!readsEarly && isRestless && agoMs <= readMs
    },
    changed: () => void changes.push(clock.monotonic()),
    hasSecret(text) {
      for (const secret of idp.secrets) if (text.includes(secret)) return true
      return false
    },
    signIn(token) {
      // Of a hidden session a page knows no more than whose it is.
      const known = world.hiddenSession ? users.indexOf(token.identity) : -1
      const number = known < 0 ? users.push(token.identity) - 1 : known
      sessions.set(token.value, number)
      books.changed()
      if (number !== session) move(number)
    },
    signOut() {
      books.changed()
      move(undefined)
    },
    clear(token) {
      if (!device.stored && sessions.get(token.value) === session) isOver = true
    },
  }
  return books
}
