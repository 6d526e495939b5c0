import { findTokenError } from '@unexpired/core'
import type { AccessToken, PolicyEvent, RefreshContext, Runtime } from '@unexpired/core'
import type { ScriptedIdp } from '../idp/scripted-idp.ts'
import type { IdpToken } from '../idp/session-ledger.ts'
import type { World } from './schedule.ts'
import type { Timeline } from './timeline.ts'

const textOf = (error: unknown): string =>
  error instanceof Error ? error.message : JSON.stringify(error)

/** The longest that a caller may wait: for the store, and for two flights where the first brought the refused token. */
const longestWaitMs = 31_000
/** More refreshes than that in a minute of one tab are a storm. */
const mostInAMinute = 60

/** One wait of one caller. */
export interface Wait {
  /** It was not answered at once. */
  pending(): void
  /** It was answered; with an error, or without. */
  answered(error: unknown): void
}

/** What is watched of one tab. */
export interface TabWatch {
  violate(rule: number | string, text: string): void
  refreshStarts(asked: RefreshContext<IdpToken>): void
  refreshEnds(asked: RefreshContext<IdpToken>): {
    refreshed(token: IdpToken): void
    failed(error: unknown): void
  }
  stores(token: IdpToken): void
  event(event: PolicyEvent): void
  waitStarts(what: string, signal: AbortSignal | undefined): Wait
  handedOut(token: AccessToken): void
  /** A request goes out with this token. */
  leaves(value: string): void
  /** The server has refused this token. */
  refused(value: string): void
  frozen(): void
  disposed(): void
  /** Something after which the provider may be asked again at once. */
  excuse(): void
  /** The machine has slept: from a refresh that is under way less is learned than a request needs. */
  blur(): void
  /** The provider's clock was set: what was learned of it is wrong. */
  unlearn(): void
  /** Whether the policy's own view says that it holds a good token. */
  seesGoodToken: () => boolean
  close(): void
}

/** The thirteen rules, as they are checked while a schedule runs. */
export interface RuleBook {
  readonly violations: readonly string[]
  tab(index: number): TabWatch
  signedIn(token: IdpToken): void
  signedOut(): void
  /** A tab has cleared a session that the provider has ended. */
  cleared(token: IdpToken): void
  skewed(): void
  /** The machine has slept: what was good before may not be. */
  slept(): void
  /** Whether the provider has ended the session that was signed in. */
  readonly isOver: boolean
  /** The number of the session that is signed in. */
  readonly session: number | undefined
  sessionOf(value: string | undefined): number | undefined
}

/** What the rule book stands on. */
export interface RuleBookContext {
  readonly world: World
  readonly idp: ScriptedIdp
  readonly clock: Runtime
  readonly line: Timeline
}

/** Opens the rule book of one run. */
export const ruleBook = ({ world, idp, clock, line }: RuleBookContext): RuleBook => {
  const violations: string[] = []
  const sessions = new Map<string, number>()
  const refused = new Set<string>()
  const watches = new Set<TabWatch>()
  let session: number | undefined
  /** The user of each session, by its number. */
  const users: string[] = []
  /** The provider has ended the session; tabs learn of it one after the other. */
  let isOver = false
  /** The sessions that were signed in, and until when (monotonic). */
  let former: { session: number | undefined; untilMs: number } = { session: undefined, untilMs: -1 }
  let moves = 0
  let inAir = 0
  let isSkewKnownToAll = world.skewMs === 0

  const violate = (rule: number | string, tab: number | undefined, text: string): void => {
    violations.push(`rule ${rule}: ${tab === undefined ? '' : `tab ${tab}: `}${text}`)
    line.add(tab, `✗ rule ${rule}: ${text}`)
  }
  const move = (next: number | undefined): void => {
    isOver = false
    former = { session, untilMs: clock.monotonic() }
    session = next
    moves++
    for (const watch of watches) watch.excuse()
  }
  /** A read that was under way when the session moved may still tell of the former one, if nobody said so. */
  const isCurrent = (of: number | undefined): boolean =>
    of === session ||
    isOver ||
    (!world.subscribe &&
      of === former.session &&
      clock.monotonic() - former.untilMs <= (world.readMs ?? 0) + (world.storeMs ?? 0))

  const secretIn = (text: string): boolean => {
    for (const secret of idp.secrets) if (text.includes(secret)) return true
    return false
  }

  const watchTab = (tab: number): TabWatch => {
    const fail = (rule: number | string, text: string): void => violate(rule, tab, text)
    const starts: number[] = []
    const open = new Set<{ what: string; sinceMs: number }>()
    const asking = new Set<RefreshContext<IdpToken>>()
    let newest: { session: number | undefined; issuedAt: number } | undefined
    let isDisposed = false
    let wasFrozen = false
    let events = 0
    let refreshes = 0
    let notBefore = 0
    let hasLearned = false
    let latest = ''
    let skewedAtMs = -1
    let lastSession: number | undefined

    const watch: TabWatch = {
      violate: fail,
      seesGoodToken: () => false,
      refreshStarts(asked) {
        const { reason, previous } = asked
        line.add(tab, `refresh (${reason})`)
        refreshes++
        if (isDisposed) fail(4, 'a refresh after dispose')
        if ([...asking].some(({ signal }) => !signal.aborted)) fail(1, 'two refreshes in the air')
        if (world.coordinator === 'sound' && inAir > 0 && !wasFrozen)
          fail(1, 'two tabs refresh at once under a sound coordinator')
        // A flight may need several tries, and one of them may bring a token that has ended already.
        const isGood = previous && watch.seesGoodToken()
        if (reason === 'refused' && isGood && !refused.has(previous.value))
          fail(2, 'a refresh for a token that nobody has refused')
        const now = clock.monotonic()
        starts.push(now)
        if (starts.filter((at) => now - at < 60_000).length > mostInAMinute)
          fail(9, 'a storm of refreshes')
        // Of several tabs one may learn late that another has succeeded, and then need not wait.
        if (world.tabs === 1 && clock.now() < notBefore)
          fail(9, `refreshed ${notBefore - clock.now()} ms before Retry-After was over`)
        asking.add(asked)
        inAir++
        asked.signal.addEventListener('abort', () => {
          if (asking.delete(asked)) inAir--
        })
      },
      refreshEnds(asked) {
        const of = asked.previous
          ? sessions.get(asked.previous.value)
          : world.hiddenSession
            ? sessions.get(idp.stored?.value ?? '')
            : undefined
        const land = (): void => {
          if (asking.delete(asked)) inAir--
        }
        return {
          refreshed(token) {
            land()
            sessions.set(token.value, of ?? -1)
            latest = token.value
            line.add(tab, `refreshed, session ${of ?? '?'}`)
          },
          failed(error) {
            land()
            const known = findTokenError(error)
            line.add(tab, `refresh failed: ${known?.code ?? textOf(error)}`)
            // A failure of a former session says nothing of this one, once the tab has found out.
            if (!asked.signal.aborted) notBefore = of === session ? (known?.retryAt ?? 0) : 0
          },
        }
      },
      stores(token) {
        line.add(tab, 'stores')
        for (const other of watches) other.excuse()
        if (!isCurrent(sessions.get(token.value))) fail(6, 'a token of another session was stored')
      },
      event(event) {
        const { type } = event
        if (type === 'session') watch.excuse()
        if (type === 'refresh') {
          events++
          // It came as one that has ended, and the same flight tries again with it.
          if (event.error?.code === 'bad-answer') refused.add(latest)
          // From a slow answer less is learned than a request needs.
          if (
            event.outcome === 'refreshed' &&
            event.tookMs < 500 &&
            clock.monotonic() - event.tookMs > skewedAtMs
          )
            hasLearned = true
          line.add(
            tab,
            `event refresh ${event.outcome}, ${event.waiters} waited${event.error ? `, ${event.error.code}` : ''}`,
          )
        } else if (type !== 'disposed')
          line.add(tab, `event ${type} ${'status' in event ? event.status : ''}`)
        if (secretIn(JSON.stringify(event))) fail(11, `a token in an event ${type}`)
        if (
          'error' in event &&
          event.error &&
          secretIn(`${event.error.message} ${event.error.stack}`)
        )
          fail(11, 'a token in the error of an event')
      },
      waitStarts(what, signal) {
        const wait = { what, sinceMs: clock.monotonic() }
        const [movesBefore, wasGood] = [
          moves,
          watch.seesGoodToken() &&
            lastSession !== undefined &&
            lastSession === session &&
            !isOver &&
            what !== 'recover()' &&
            what !== 'refresh()',
        ]
        let abortedAt: number | undefined
        open.add(wait)
        signal?.addEventListener('abort', () => (abortedAt = clock.monotonic()))
        return {
          pending() {
            if (wasGood && world.readMs === undefined)
              fail(7, `${what} waits although the token is good`)
          },
          answered(error) {
            open.delete(wait)
            const tookMs = clock.monotonic() - wait.sinceMs
            if (tookMs > longestWaitMs && !wasFrozen) fail(4, `${what} took ${tookMs} ms`)
            if (error === undefined) return
            if (signal?.aborted) {
              if (error !== signal.reason) fail(5, `${what}: an abort gave ${textOf(error)}`)
              if (abortedAt !== undefined && clock.monotonic() > abortedAt)
                fail(5, `${what}: an abort was noticed late`)
              return
            }
            const known = findTokenError(error)
            line.add(tab, `${what} failed: ${known?.code ?? textOf(error)}`)
            if (!known) return fail(5, `${what} failed by what is no TokenError: ${textOf(error)}`)
            if (secretIn(`${known.message} ${known.stack} ${JSON.stringify(known.cause)}`))
              fail(11, 'a token in an error')
            if (wasGood && moves === movesBefore && !isDisposed && known.kind !== 'signed-out')
              fail(7, `${what} failed by ${known.code} although the token was good`)
          },
        }
      },
      handedOut(token) {
        const of = sessions.get(token.value)
        if (isDisposed) return
        if (!isCurrent(of)) fail(6, `a token of session ${of} was handed out in session ${session}`)
        const issuedAt = token.issuedAt ?? 0
        if (newest && newest.session === of && issuedAt < newest.issuedAt)
          fail(8, 'an older token was handed out')
        newest = { session: of, issuedAt }
        if (of !== lastSession) watch.excuse()
        lastSession = of
        if (secretIn(JSON.stringify(token))) fail(11, 'a token prints its value')
      },
      leaves(value) {
        const of = sessions.get(value)
        if (of !== lastSession) watch.excuse()
        lastSession = of
        if (isDisposed) return
        if (!isCurrent(of)) fail(6, `a token of session ${of} left in session ${session}`)
        if ((hasLearned || isSkewKnownToAll) && idp.check(value).status === 'expired')
          fail(13, 'an expired token left although the skew was known')
      },
      refused(value) {
        refused.add(value)
      },
      frozen() {
        wasFrozen = true
      },
      disposed() {
        isDisposed = true
      },
      excuse() {
        notBefore = 0
      },
      blur() {
        skewedAtMs = clock.monotonic()
      },
      unlearn() {
        hasLearned = false
        watch.blur()
      },
      close() {
        for (const { what } of open) fail(4, `${what} never ended`)
        // With `keepFresh` one may be under way at any moment.
        const isUnderWay = world.keepFresh && events + 1 === refreshes
        if (!isDisposed && events !== refreshes && !isUnderWay)
          fail('events', `${refreshes} refreshes, but ${events} events`)
      },
    }
    watches.add(watch)
    return watch
  }

  const book: RuleBook = {
    violations,
    tab: watchTab,
    get session() {
      return session
    },
    sessionOf: (value) => (value === undefined ? undefined : sessions.get(value)),
    signedIn(token) {
      // Of a hidden session a page knows no more than whose it is.
      const known = world.hiddenSession ? users.indexOf(token.identity) : -1
      const number = known < 0 ? users.push(token.identity) - 1 : known
      sessions.set(token.value, number)
      if (number !== session) move(number)
      for (const watch of watches) watch.excuse()
    },
    signedOut: () => move(undefined),
    cleared(token) {
      if (sessions.get(token.value) === session) isOver = true
    },
    get isOver() {
      return isOver
    },
    slept() {
      moves++
      for (const watch of watches) watch.blur()
    },
    skewed() {
      isSkewKnownToAll = false
      for (const watch of watches) watch.unlearn()
    },
  }
  return book
}
