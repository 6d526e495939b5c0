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
  /** How many refreshes have started, in all tabs. */
  started: number
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
  hasSecret(text: string): boolean
  signIn(token: IdpToken): void
  signOut(): void
  clear(token: AccessToken): void
}

/** Opens the books of one run; `onMove` is told whenever somebody signs in or out. */
export const openBooks = (context: BooksContext, onMove: () => void): Books => {
  const { world, idp, clock, line } = context
  const violations: string[] = []
  const sessions = new Map<string, number>()
  const users: string[] = []
  let session: number | undefined
  let isOver = false
  /** The session that was signed in, and until when (monotonic). */
  let former: { session: number | undefined; untilMs: number } = { session: undefined, untilMs: -1 }

  const move = (next: number | undefined): void => {
    isOver = books.isEnded = false
    former = { session, untilMs: clock.monotonic() }
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
    started: 0,
    isSkewKnownToAll: world.skewMs === 0,
    refused: new Set(),
    sessionOf: (value) => sessions.get(value ?? ''),
    orderOf: (value) => [...sessions.keys()].indexOf(value),
    userOf: (of) => users[of ?? -1],
    issued: ({ value }, of) => void sessions.set(value, of),
    // A read that was under way when the session moved may still tell of the former one, if nobody said so.
    isCurrent: (of) =>
      of === session ||
      isOver ||
      (!world.subscribe &&
        of === former.session &&
        clock.monotonic() - former.untilMs <= (world.readMs ?? 0) + (world.storeMs ?? 0)),
    hasSecret(text) {
      for (const secret of idp.secrets) if (text.includes(secret)) return true
      return false
    },
    signIn(token) {
      // Of a hidden session a page knows no more than whose it is.
      const known = world.hiddenSession ? users.indexOf(token.identity) : -1
      const number = known < 0 ? users.push(token.identity) - 1 : known
      sessions.set(token.value, number)
      if (number !== session) move(number)
    },
    signOut: () => move(undefined),
    clear(token) {
      if (!context.device.stored && sessions.get(token.value) === session) isOver = true
    },
  }
  return books
}
