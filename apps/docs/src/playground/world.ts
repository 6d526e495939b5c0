import { findTokenError } from '@unexpired/core'
import { scriptedIdp, virtualClock } from '@unexpired/testing'
import type { ScriptedIdp } from '@unexpired/testing'
import { clients } from './clients.ts'
import type { Settings } from './settings.ts'
import { tabLock } from './tab-lock.ts'

/** One thing that takes time, from the start of the world, ms. */
export interface Span {
  readonly kind: 'wait' | 'send' | 'replay'
  readonly from: number
  to: number | undefined
  status: number | undefined
}

/** One request from its first wait to its end. */
export interface RequestTrace {
  readonly id: number
  readonly tab: number
  readonly from: number
  to: number | undefined
  readonly spans: Span[]
  outcome: 'open' | 'ok' | 'failed'
  /** Why it failed: a status, or the code of an error. */
  why: string | undefined
}

/** One refresh as the identity provider saw it. */
export interface RefreshTrace {
  readonly from: number
  readonly to: number | undefined
  readonly outcome: 'in-air' | 'refreshed' | 'failed' | 'aborted'
  readonly code: string | undefined
  readonly again: boolean
}

/** What is counted. */
export interface Counts {
  readonly requests: number
  readonly answered: number
  readonly failed: number
  readonly open: number
  readonly refreshes: number
  readonly spentTwice: number
  readonly signedIn: boolean
}

/** A page with its tabs, an API and an identity provider, in virtual time. */
export interface World {
  readonly requests: readonly RequestTrace[]
  refreshes(): readonly RefreshTrace[]
  counts(): Counts
  /** Time since the start, ms. */
  now(): number
  /** Whether something is under way. */
  isBusy(): boolean
  /** Whether nothing is left to happen, or nothing has come for a minute. */
  isOver(): boolean
  /** Lets time pass; where nothing is under way it is skipped. */
  advance(ms: number): Promise<void>
  /** Goes to the next thing that can be seen. */
  step(): Promise<void>
  /** Goes to the end. */
  finish(): Promise<void>
  /** Sends more requests, now. */
  send(count: number): void
}

const answerMs = 120
const apartMs = 3
const patienceMs = 60_000

const script = (idp: ScriptedIdp, { failure }: Settings): void => {
  if (failure === 'down') idp.always('server-error')
  else if (failure === 'throttled')
    idp.next({ name: 'throttled', retryAfterMs: 2_000 }, { name: 'throttled', retryAfterMs: 2_000 })
  else if (failure === 'ended') idp.endSessions('alice')
  else if (failure !== 'none') idp.next(failure)
}

/** Builds a world; nothing happens in it until time passes. */
export const createWorld = (settings: Settings): World => {
  const { lifetime, latency, tabs, burst, traffic, rotation, pattern } = settings
  const clock = virtualClock()
  const start = clock.now()
  const idp = scriptedIdp({
    runtime: clock,
    lifetimeMs: lifetime,
    latencyMs: latency,
    rotation: rotation === 'on',
  })
  idp.signIn('alice')
  script(idp, settings)

  const requests: RequestTrace[] = []
  const coordinatorOf = tabLock(clock)
  const now = (): number => clock.now() - start
  const later = (ms: number): Promise<void> =>
    new Promise((resolve) => void clock.setTimeout(resolve, ms))
  let lastSend = 0

  const openTab = (tab: number): (() => void) => {
    const client = clients[pattern]({
      source: idp.source({ name: 'playground' }),
      runtime: clock,
      coordinator: tabs > 1 ? coordinatorOf() : undefined,
      forget: () => idp.put(undefined),
    })
    const follow = async (trace: RequestTrace): Promise<void> => {
      const wait: Span = { kind: 'wait', from: now(), to: undefined, status: undefined }
      trace.spans.push(wait)
      let waiting: Span | undefined = wait
      const status = await client(async (token, isReplay) => {
        if (waiting) waiting.to = now()
        const span: Span = {
          kind: isReplay ? 'replay' : 'send',
          from: now(),
          to: undefined,
          status: undefined,
        }
        trace.spans.push(span)
        await later(answerMs)
        span.to = now()
        span.status = token && idp.check(token).status === 'valid' ? 200 : 401
        waiting = { kind: 'wait', from: now(), to: undefined, status: undefined }
        if (span.status === 401) trace.spans.push(waiting)
        return span.status
      })
      if (status !== 200) throw new Error(String(status))
    }
    return () => {
      const trace: RequestTrace = {
        id: requests.length + 1,
        tab,
        from: now(),
        to: undefined,
        spans: [],
        outcome: 'open',
        why: undefined,
      }
      requests.push(trace)
      lastSend = now()
      const end = (outcome: 'ok' | 'failed', why?: string): void => {
        Object.assign(trace, { to: now(), outcome, why })
        for (const span of trace.spans) span.to ??= now()
      }
      follow(trace).then(
        () => end('ok'),
        (error: unknown) => end('failed', findTokenError(error)?.code ?? (error as Error).message),
      )
    }
  }
  const senders = Array.from({ length: tabs }, (_, index) => openTab(index + 1))

  /** When requests are still to come. */
  const plan = new Set<{ readonly at: number }>()
  const at = (ms: number, tab: number): void => {
    const entry = { at: ms }
    plan.add(entry)
    clock.setTimeout(() => {
      plan.delete(entry)
      senders[tab % tabs]?.()
    }, ms - now())
  }
  senders.forEach((_, tab) => at(tab * apartMs, tab))
  if (traffic === 'steady')
    for (let beat = 1; beat < 20; beat++)
      senders.forEach((_, tab) => at((lifetime / 20) * beat + tab * apartMs, tab))
  const atExpiry = lifetime + 1_000
  for (let index = 0; index < burst; index++) at(atExpiry + index * apartMs, index)

  const isBusy = (): boolean => requests.some(({ to }) => to === undefined) || idp.inAir > 0
  const nextPlanned = (): number => Math.min(...[...plan].map((entry) => entry.at))
  const isOver = (): boolean => plan.size === 0 && (!isBusy() || now() - lastSend > patienceMs)

  const advance = async (ms: number): Promise<void> => {
    if (isOver()) return
    const idle = isBusy() ? 0 : nextPlanned() - now()
    await clock.advance(Number.isFinite(idle) && idle > 0 ? idle : ms)
  }
  const mark = (): string =>
    [requests, ...requests.map(({ spans }) => spans), idp.refreshes]
      .map(({ length }) => length)
      .join() +
    requests.map(({ to }) => to).join() +
    idp.inAir

  return {
    requests,
    refreshes: () =>
      idp.refreshes.map(({ startedAt, tookMs, outcome, code, again }) => ({
        from: startedAt - start,
        to: tookMs === undefined ? undefined : startedAt - start + tookMs,
        outcome,
        code,
        again,
      })),
    counts: () => ({
      requests: requests.length,
      answered: requests.filter(({ outcome }) => outcome === 'ok').length,
      failed: requests.filter(({ outcome }) => outcome === 'failed').length,
      open: requests.filter(({ outcome }) => outcome === 'open').length,
      refreshes: idp.refreshes.length,
      spentTwice: idp.spentTwice,
      signedIn: idp.stored !== undefined,
    }),
    now,
    isBusy,
    isOver,
    advance,
    async step() {
      const before = mark()
      while (!isOver() && mark() === before) await advance(1)
      // What starts together is one step.
      if (!isOver()) await clock.advance(burst * apartMs)
    },
    async finish() {
      while (!isOver()) await advance(50)
    },
    send(count) {
      for (let index = 0; index < count; index++) at(now() + index * apartMs, index)
    },
  }
}
