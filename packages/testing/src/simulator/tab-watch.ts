import { findTokenError } from '@unexpired/core'
import type { AccessToken, PolicyEvent, RefreshContext } from '@unexpired/core'
import type { Books } from './books.ts'
import { providerWatch, type ProviderWatch } from './provider-watch.ts'

const textOf = (error: unknown): string =>
  error instanceof Error ? error.message : JSON.stringify(error)

/** The longest that a caller may wait: for the store, and for two flights where the first brought the refused token. */
const longestWaitMs = 31_000
/** A stale token that is used this long is refreshed meanwhile. */
const longestStaleMs = 12_000
/** After so many refreshes a run is broken, and the provider answers no more: a policy that asks without end would never let time pass. */
const mostRefreshes = 2_000

/** One wait of one caller. */
export interface Wait {
  /** It was not answered at once. */
  pending(): void
  /** It was answered; with an error, or without. */
  answered(error: unknown): void
  /** It was answered with this token. */
  gave(value: string): void
}

/** What is watched of one tab. */
export interface TabWatch {
  violate(rule: number | string, text: string): void
  refreshStarts(asked: RefreshContext): {
    /** Whether the run has gone wild, and this must have no answer. */
    readonly isTooMuch: boolean
    refreshed(token: AccessToken): void
    failed(error: unknown): void
  }
  stores(token: AccessToken): void
  event(event: PolicyEvent): void
  waitStarts(what: string, signal: AbortSignal | undefined): Wait
  handedOut(token: AccessToken): void
  /** A request goes out with this token. */
  leaves(value: string): void
  /** And again, with this one instead of that. */
  replays(value: string, refused: string | undefined): void
  frozen(): void
  disposed(): void
  /** The network is back, or somebody signed in: whoever waits for a pause to end goes on. */
  absolve(): void
  /** The machine has slept: from a refresh that is under way less is learned than a request needs. */
  blur(): void
  /** The provider's clock was set: what was learned of it is wrong. */
  unlearn(): void
  /** Another tab was told to leave the provider alone. */
  told(retryAt: number): void
  readonly provider: ProviderWatch
  /** What the policy's own view says of the token that it holds. */
  zone: () => 'good' | 'pausing' | 'stale' | 'none'
  close(): void
}

/** Watches one tab. */
export const tabWatch = (books: Books, tab: number, others: ReadonlySet<TabWatch>): TabWatch => {
  const { world, idp, device, clock, line } = books
  const fail = (rule: number | string, text: string): void => books.violate(rule, tab, text)
  const open = new Set<{ what: string; sinceMs: number }>()
  const asking = new Set<RefreshContext>()
  let newest: { session: number | undefined; issuedAt: number; order: number } | undefined
  let isDisposed = false
  let hasBegun = false
  let wasFrozen = false
  let events = 0
  let refreshes = 0
  let hasLearned = false
  let latest: { value: string; previous: string | undefined } = { value: '', previous: '' }
  let skewedAtMs = -1
  let lastSession: number | undefined
  let staleUse: { value: string; sinceMs: number } | undefined
  /** The token with which the provider has refused a refresh. */
  let turnedAway: string | undefined
  const isSkewKnown = (): boolean => hasLearned || books.isSkewKnownToAll
  const provider = providerWatch({
    world,
    clock,
    skewMs: () => idp.skewMs,
    isSkewKnown,
    wasFrozen: () => wasFrozen,
    fail,
  })

  /** A stale token is used while the policy is free to refresh: it has to do so soon. */
  const uses = (value: string): void => {
    const now = clock.monotonic()
    if (watch.zone() !== 'stale') staleUse = undefined
    else if (staleUse?.value !== value) staleUse = { value, sinceMs: now }
    else if (now - staleUse.sinceMs > longestStaleMs && !wasFrozen && world.coordinator !== 'hangs')
      fail(7, 'a stale token is used, and nothing refreshes it')
  }

  /** Nobody waits for an answer that comes after the deadline, but the next refresh token is in it. */
  const cameLate = (token: AccessToken, { signal, previous }: RefreshContext): void => {
    if (findTokenError(signal.reason)?.code !== 'timeout' || books.inAir || isDisposed) return
    if (!previous || device.stored?.value !== previous.value || world.hiddenSession) return
    if (token.value === previous.value || !/^\S+$/.test(token.value)) return
    if (world.coordinator === 'hangs') return
    const [started, moves] = [books.started, books.moves]
    clock.setTimeout(() => {
      const isAsBefore = started === books.started && moves === books.moves && !isDisposed
      if (isAsBefore && !wasFrozen && device.stored?.value === previous.value)
        fail('late answer', 'the only refresh token that is left was thrown away')
    }, 2_500)
  }

  const watch: TabWatch = {
    violate: fail,
    provider,
    zone: () => 'none',
    refreshStarts(asked) {
      const { reason, previous } = asked
      line.add(tab, `refresh (${reason})`)
      refreshes++
      books.started++
      staleUse = undefined
      if (isDisposed) fail(4, 'a refresh after dispose')
      if ([...asking].some(({ signal }) => !signal.aborted)) fail(1, 'two refreshes in the air')
      if (world.coordinator === 'sound' && books.inAir > 0 && !wasFrozen)
        fail(1, 'two tabs refresh at once under a sound coordinator')
      // A flight may need several tries, and one of them may bring a token that has ended already.
      const isGood = previous && watch.zone() !== 'none'
      if (reason === 'refused' && isGood && !books.refused.has(previous.value))
        fail(2, 'a refresh for a token that nobody has refused')
      provider.starts(asked)
      const of = previous
        ? books.sessionOf(previous.value)
        : world.hiddenSession
          ? books.sessionOf(device.stored?.value)
          : undefined
      const land = (): void => {
        if (asking.delete(asked)) books.inAir--
      }
      asking.add(asked)
      books.inAir++
      asked.signal.addEventListener('abort', land)
      return {
        isTooMuch: refreshes > mostRefreshes,
        refreshed(token) {
          land()
          books.issued(token, of ?? -1)
          latest = { value: token.value, previous: previous?.value }
          line.add(tab, `refreshed, session ${of ?? '?'}`)
          if (asked.signal.aborted) cameLate(token, asked)
        },
        failed(error) {
          land()
          const known = findTokenError(error)
          line.add(tab, `refresh failed: ${known?.code ?? textOf(error)}`)
          if (asked.signal.aborted) return
          provider.failed(asked, known)
          if (known?.kind === 'signed-out') turnedAway = previous?.value
          if (known?.retryAt === undefined) return
          for (const other of others) if (other !== watch) other.told(known.retryAt)
        },
      }
    },
    stores(token) {
      line.add(tab, 'stores')
      for (const other of others) other.provider.excuse()
      const of = books.sessionOf(token.value)
      if (!books.isCurrent(of)) fail(6, 'a token of another session was stored')
      const there = device.stored
      const isSure =
        /sound|loses/.test(world.coordinator) && world.storeMs === undefined && !world.skewMs
      if (
        isSure &&
        there &&
        books.sessionOf(there.value) === of &&
        there.issuedAt > (token.issuedAt ?? there.issuedAt)
      )
        fail(8, 'an older token was stored over a newer one')
    },
    event(event) {
      hasBegun = true
      const { type } = event
      if (type === 'refresh') {
        events++
        // It came as one that has ended, and the same flight tries again with it.
        if (event.error?.code === 'bad-answer') books.refused.add(latest.value)
        // From a slow answer less is learned than a request needs.
        if (
          event.outcome === 'refreshed' &&
          event.tookMs < 500 &&
          clock.monotonic() - event.tookMs > skewedAtMs
        )
          hasLearned = true
        if (event.outcome === 'refreshed' && latest.value === latest.previous)
          fail(8, 'what was there already counts as refreshed')
        if (event.outcome === 'failed') for (const other of others) other.provider.somebodyFailed()
        line.add(
          tab,
          `event refresh ${event.outcome}, ${event.waiters} waited${event.error ? `, ${event.error.code}` : ''}`,
        )
      } else if (type !== 'disposed')
        line.add(tab, `event ${type} ${'status' in event ? event.status : ''}`)
      if (books.hasSecret(JSON.stringify(event))) fail(11, `a token in an event ${type}`)
      if (
        'error' in event &&
        event.error &&
        books.hasSecret(`${event.error.message} ${event.error.stack}`)
      )
        fail(11, 'a token in the error of an event')
      if (type === 'session' && event.status === 'signed-out' && isRenewed())
        fail(6, 'signed out although another tab has renewed the session')
    },
    waitStarts(what, signal) {
      const wait = { what, sinceMs: clock.monotonic() }
      const [movesBefore, sessionBefore, wasGood] = [
        books.moves,
        books.session,
        watch.zone() !== 'none' &&
          lastSession !== undefined &&
          lastSession === books.session &&
          !books.isOver &&
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
        gave(value) {
          const [before, now] = [sessionBefore, books.sessionOf(value)].map(books.userOf)
          if (
            !isDisposed &&
            world.subscribe &&
            world.readMs === undefined &&
            before &&
            now !== before
          )
            fail(6, `${what} was asked for ${before} and got a token of ${now}`)
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
          if (books.hasSecret(`${known.message} ${known.stack} ${JSON.stringify(known.cause)}`))
            fail(11, 'a token in an error')
          provider.callerFailed(what, known, wait.sinceMs)
          const isAsBefore = books.moves === movesBefore && !isDisposed
          if (wasGood && isAsBefore && known.kind !== 'signed-out')
            fail(7, `${what} failed by ${known.code} although the token was good`)
        },
      }
    },
    handedOut(token) {
      const of = books.sessionOf(token.value)
      if (isDisposed) return
      if (!books.isCurrent(of))
        fail(6, `a token of session ${of} was handed out in session ${books.session}`)
      const { issuedAt = 0, value } = token
      const order = books.orderOf(value)
      if (newest && newest.session === of && issuedAt < newest.issuedAt)
        fail(8, 'an older token was handed out')
      // Of one tab it is known which came first, also where the same second is written in them.
      if (newest && newest.session === of && world.tabs === 1 && order < newest.order)
        fail(8, 'the token that was replaced was handed out')
      newest = { session: of, issuedAt, order }
      if (of !== lastSession) provider.excuse()
      lastSession = of
      uses(token.value)
      if (books.hasSecret(JSON.stringify(token))) fail(11, 'a token prints its value')
    },
    leaves(value) {
      const of = books.sessionOf(value)
      if (of !== lastSession) provider.excuse()
      lastSession = of
      if (isDisposed) return
      uses(value)
      if (!books.isCurrent(of)) fail(6, `a token of session ${of} left in session ${books.session}`)
      if (isSkewKnown() && idp.check(value).status === 'expired')
        fail(13, 'an expired token left although the skew was known')
    },
    replays(value, refused) {
      if (value === refused) fail(2, 'the refused token was given to replay with')
      const [as, before] = [value, refused].map((of) => books.userOf(books.sessionOf(of)))
      if (before !== undefined && as !== before)
        fail(6, `what ${before} sent is to be replayed as ${as}`)
      watch.leaves(value)
    },
    frozen() {
      wasFrozen = true
    },
    disposed() {
      isDisposed = true
    },
    told(retryAt) {
      // Who was not asked for anything yet does not listen.
      if (hasBegun) provider.told(retryAt)
    },
    absolve() {
      provider.excuse()
      provider.absolve()
      if (isDisposed || wasFrozen || world.coordinator !== 'none' || asking.size) return
      // A slow store is no pause.
      if (world.storeMs) return
      const waiting = [...open]
      const before = refreshes
      if (!waiting.length) return
      clock.setTimeout(() => {
        if (refreshes === before && !isDisposed && !wasFrozen && waiting.every((w) => open.has(w)))
          fail(9, 'whoever waited for a pause to end waits on after its end')
      }, 800)
    },
    blur() {
      skewedAtMs = clock.monotonic()
      staleUse = undefined
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
  /** Whether this tab can see a good token with which another has renewed the session that it gives up. */
  const isRenewed = (): boolean => {
    const { stored } = device
    if (!stored || isDisposed || books.session === undefined || books.isOver || books.isEnded)
      return false
    if (world.reuse !== 'refuse' || world.lagMs || world.hiddenSession || !world.subscribe)
      return false
    if (world.readMs !== undefined || !books.isSkewKnownToAll || turnedAway === undefined)
      return false
    const leftMs = stored.expiresAt - (clock.now() + idp.skewMs)
    return (
      stored.value !== turnedAway &&
      books.sessionOf(stored.value) === books.session &&
      leftMs > 0.2 * world.lifetimeMs
    )
  }
  return watch
}
