import { findTokenError } from '@unexpired/core'
import type { AccessToken, PolicyEvent, PolicySnapshot, RefreshContext } from '@unexpired/core'
import type { Books } from './books.ts'
import { lossWatch } from './loss-watch.ts'
import { pauseWatch, type PauseWatch } from './pause-watch.ts'
import { providerWatch, type ProviderWatch } from './provider-watch.ts'
import { waitWatch, type Wait } from './wait-watch.ts'

/** A stale token that is used all the time is refreshed within so long, whatever becomes of one refresh. */
const longestStaleMs = 15_000
/** And this is not all the time. */
const longestGapMs = 2_000

const textOf = (error: unknown): string =>
  error instanceof Error ? error.message : JSON.stringify(error)

/** What is watched of one tab. */
export interface TabWatch {
  violate(rule: number | string, text: string): void
  /** The policy looks into the store: from the first time on it listens to other tabs. */
  reads(): void
  refreshStarts(asked: RefreshContext): {
    /** Whether the run has gone wild, and this must have no answer. */
    readonly isTooMuch: boolean
    refreshed(token: AccessToken): void
    failed(error: unknown): void
  }
  /** A token is being stored; gives what to call when it is. */
  stores(token: AccessToken): () => void
  event(event: PolicyEvent): void
  waitStarts(what: string, signal: AbortSignal | undefined): Wait
  handedOut(token: AccessToken): void
  /** A request goes out with this token. */
  leaves(value: string): void
  /** And again, with this one instead of that. */
  replays(value: string, refused: string | undefined): void
  frozen(): void
  disposed(): void
  /** Something after which the provider may be asked again at once. */
  excuse(): void
  /** The machine has slept: from a refresh that is under way less is learned than a request needs. */
  blur(): void
  /** The provider's clock was set: what was learned of it is wrong. */
  unlearn(): void
  pauseEnds: PauseWatch['ends']
  told: PauseWatch['told']
  readonly provider: ProviderWatch
  /** What the policy itself says. */
  snapshot: () => PolicySnapshot | undefined
  close(): void
}

/** Watches one tab. */
export const tabWatch = (books: Books, tab: number, all: ReadonlySet<TabWatch>): TabWatch => {
  const { world, idp, device, clock, line } = books
  const fail = (rule: number | string, text: string): void => books.violate(rule, tab, text)
  const asking = new Set<RefreshContext>()
  let newest: { session: number | undefined; issuedAt: number; order: number } | undefined
  let isDisposed = false
  let wasFrozen = false
  let events = 0
  let refreshes = 0
  let hasLearned = false
  let latest = ''
  let skewedAtMs = -1
  let lastSession: number | undefined
  let staleUse: { value: string; sinceMs: number; lastMs: number } | undefined
  const isSkewKnown = (): boolean => hasLearned || books.isSkewKnownToAll
  const isStoreExact =
    world.readMs === undefined && !world.storeMs && !world.lagMs && !world.hiddenSession
  const common = {
    books,
    fail,
    isSkewKnown,
    wasFrozen: () => wasFrozen,
    isDisposed: () => isDisposed,
    refreshes: () => refreshes,
  }
  const provider = providerWatch(common)
  const losses = lossWatch(common)
  const isGood = (): boolean => {
    const { status = '', expiresAt = 0 } = watch.snapshot() ?? {}
    if (!/^(fresh|stale)$/.test(status)) return false
    // While a slow store is read it may end.
    const usableMs = expiresAt - Math.min(5_000, world.lifetimeMs / 10) - clock.now()
    return world.readMs === undefined || usableMs > world.readMs
  }

  const waits = waitWatch({
    ...common,
    note: (text) => line.add(tab, text),
    isGood: () => isGood() && lastSession !== undefined && lastSession === books.session,
  })
  const pauses = pauseWatch({
    ...common,
    waits,
    pausedUntil: () => watch.snapshot()?.retryAt,
    isAsking: () => asking.size > 0,
  })

  /** A stale token is used while the policy is free to refresh: it has to do so soon. */
  const uses = (value: string): void => {
    const now = clock.monotonic()
    const { status, retryAt } = watch.snapshot() ?? {}
    if (status !== 'stale' || retryAt !== undefined) staleUse = undefined
    else if (staleUse?.value !== value || now - staleUse.lastMs > longestGapMs)
      staleUse = { value, sinceMs: now, lastMs: now }
    else staleUse.lastMs = now
    const isLong = staleUse && now - staleUse.sinceMs > longestStaleMs
    if (isLong && !wasFrozen && world.coordinator !== 'hangs')
      fail(7, 'a stale token is used, and nothing refreshes it')
  }

  const passes = (value: string): void => {
    const of = books.sessionOf(value)
    if (of !== lastSession) watch.excuse()
    lastSession = of
    uses(value)
  }

  const watch: TabWatch = {
    violate: fail,
    provider,
    snapshot: () => undefined,
    reads: pauses.begins,
    refreshStarts(asked) {
      const { reason, previous } = asked
      line.add(tab, `refresh (${reason})`)
      refreshes++
      staleUse = undefined
      if (isDisposed) fail(4, 'a refresh after dispose')
      if ([...asking].some(({ signal }) => !signal.aborted)) fail(1, 'two refreshes in the air')
      if (world.coordinator === 'sound' && books.inAir > 0 && !wasFrozen)
        fail(1, 'two tabs refresh at once under a sound coordinator')
      // A flight may need several tries, and one of them may bring a token that has ended already.
      if (reason === 'refused' && previous && isGood() && !books.refused.has(previous.value))
        fail(2, 'a refresh for a token that nobody has refused')
      const isTooMuch = provider.starts(asked)
      const of = previous
        ? books.sessionOf(previous.value)
        : world.hiddenSession
          ? books.sessionOf(device.stored?.value)
          : undefined
      // A store that answers at once was read right before.
      const there = isStoreExact ? device.stored : undefined
      const isOutdated = previous && there && (previous.issuedAt ?? 0) < there.issuedAt
      if (isOutdated || (previous && there && books.sessionOf(there.value) !== of))
        fail(1, 'a refresh by a token that the store no longer has')
      const land = (): void => {
        if (asking.delete(asked)) books.inAir--
      }
      asking.add(asked)
      books.inAir++
      asked.signal.addEventListener('abort', land)
      return {
        isTooMuch,
        refreshed(token) {
          land()
          books.issued(token, of ?? -1)
          latest = token.value
          line.add(tab, `refreshed, session ${of ?? '?'}`)
          if (asked.signal.aborted) losses.cameLate(token, asked)
        },
        failed(error) {
          land()
          const known = findTokenError(error)
          line.add(tab, `refresh failed: ${known?.code ?? textOf(error)}`)
          if (asked.signal.aborted) return
          provider.failed(asked, of, known)
          if (known?.kind === 'signed-out') losses.turnedAway(previous)
          if (known?.retryAt === undefined) return
          for (const other of all) if (other !== watch) other.told(known.retryAt)
        },
      }
    },
    stores(token) {
      line.add(tab, 'stores')
      for (const other of all) other.excuse()
      const of = books.sessionOf(token.value)
      if (!books.isCurrent(of)) fail(6, 'a token of another session was stored')
      const there = device.stored
      // Between a look and a slow read another may store.
      const isSync = world.readMs === undefined && world.storeMs === undefined
      const isSure = isSync && /sound|loses/.test(world.coordinator)
      const isOfBoth = there && books.sessionOf(there.value) === of
      if (isSure && isOfBoth && there.issuedAt > (token.issuedAt ?? there.issuedAt))
        fail(8, 'an older token was stored over a newer one')
      return () => {
        books.changed()
        for (const other of all) other.excuse()
        if (device.stored?.value === token.value && !books.isCurrent(of))
          fail(6, 'a token was stored over that of another session')
      }
    },
    event(event) {
      const { type } = event
      if (type === 'session') {
        watch.excuse()
        books.changed()
        pauses.moved()
        if (event.status === 'signed-out') losses.signedOut()
      }
      if (type === 'refresh') {
        events++
        // It came as one that has ended, and the same flight tries again with it.
        if (event.error?.code === 'bad-answer') books.refused.add(latest)
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
      if (books.hasSecret(JSON.stringify(event))) fail(11, `a token in an event ${type}`)
      if (
        'error' in event &&
        event.error &&
        books.hasSecret(`${event.error.message} ${event.error.stack}`)
      )
        fail(11, 'a token in the error of an event')
    },
    waitStarts: waits.starts,
    handedOut(token) {
      if (isDisposed) return
      const { issuedAt = 0, value } = token
      const [of, order] = [books.sessionOf(value), books.orderOf(value)]
      if (!books.isCurrent(of))
        fail(6, `a token of session ${of} was handed out in session ${books.session}`)
      if (newest && newest.session === of) {
        if (issuedAt < newest.issuedAt) fail(8, 'an older token was handed out')
        // Of one tab it is known which came first, also where the same second is written in them.
        else if (world.tabs === 1 && order < newest.order)
          fail(8, 'the token that was replaced was handed out')
      }
      newest = { session: of, issuedAt, order }
      passes(value)
      if (books.hasSecret(JSON.stringify(token))) fail(11, 'a token prints its value')
    },
    leaves(value) {
      const of = books.sessionOf(value)
      passes(value)
      if (isDisposed) return
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
    excuse() {
      provider.excuse()
      pauses.excuse()
    },
    blur() {
      skewedAtMs = clock.monotonic()
      staleUse = undefined
    },
    unlearn() {
      hasLearned = false
      watch.blur()
    },
    pauseEnds: pauses.ends,
    told: pauses.told,
    close() {
      waits.close()
      // With `keepFresh` one may be under way at any moment.
      const isUnderWay = world.keepFresh && events + 1 === refreshes
      if (!isDisposed && events !== refreshes && !isUnderWay)
        fail('events', `${refreshes} refreshes, but ${events} events`)
    },
  }
  return watch
}
