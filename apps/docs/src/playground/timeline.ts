import type { RefreshTrace, RequestTrace, Span } from './world.ts'

/** A stretch of time that was skipped because nothing was under way. */
export interface Gap {
  readonly x: number
  readonly text: string
}

/** One bar on one lane. */
export interface Bar {
  readonly x: number
  readonly width: number
  readonly lane: number
  readonly look: 'wait' | 'good' | 'bad' | 'open'
  readonly text: string
}

/** What is drawn. */
export interface Timeline {
  readonly width: number
  readonly refreshes: readonly Bar[]
  readonly requests: readonly Bar[]
  readonly refreshLanes: number
  readonly requestLanes: number
  readonly gaps: readonly Gap[]
}

const gapPx = 44
const paddingMs = 40
/** A shorter pause is drawn as it is. */
const longMs = 700

/** A duration in the unit that a person would use. */
export const inWords = (ms: number): string =>
  ms < 1_000
    ? `${Math.round(ms)} ms`
    : ms < 60_000
      ? `${Math.round(ms / 100) / 10} s`
      : ms < 3_600_000
        ? `${Math.round(ms / 6_000) / 10} min`
        : `${Math.round(ms / 360_000) / 10} h`

interface Stretch {
  readonly from: number
  to: number
}

const busyStretches = (spans: readonly Stretch[]): Stretch[] => {
  const busy: Stretch[] = []
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = busy.at(-1)
    if (last && from - paddingMs - last.to < longMs) last.to = Math.max(last.to, to + paddingMs)
    else busy.push({ from: Math.max(0, from - paddingMs), to: to + paddingMs })
  }
  return busy
}

/** Puts each stretch on the first lane that is free. */
const packed = (stretches: readonly Stretch[]): number[] => {
  const ends: number[] = []
  return stretches.map(({ from, to }) => {
    const free = ends.findIndex((end) => end < from)
    const lane = free < 0 ? ends.length : free
    ends[lane] = to
    return lane
  })
}

const lookOf = (span: Span): Bar['look'] =>
  span.to === undefined
    ? span.kind === 'wait'
      ? 'wait'
      : 'open'
    : span.kind === 'wait'
      ? 'wait'
      : span.status === 200
        ? 'good'
        : 'bad'

/** Lays everything out for a given width; time in which nothing happens is folded. */
export const timelineOf = (
  requests: readonly RequestTrace[],
  refreshes: readonly RefreshTrace[],
  now: number,
  available: number,
): Timeline => {
  const until = (to: number | undefined): number => to ?? now
  const all = [...requests, ...refreshes].map(({ from, to }) => ({ from, to: until(to) }))
  const busy = busyStretches(all)
  const total = busy.reduce((sum, { from, to }) => sum + to - from, 0)
  const folds = Math.max(0, busy.length - 1)
  const scale = Math.min(2, Math.max(0.02, (available - folds * gapPx) / Math.max(1, total)))

  const starts: number[] = []
  const gaps: Gap[] = []
  let x = 0
  busy.forEach(({ from, to }, index) => {
    const before = busy[index - 1]
    if (before) {
      gaps.push({ x: x + gapPx / 2, text: inWords(from - before.to) })
      x += gapPx
    }
    starts.push(x)
    x += (to - from) * scale
  })
  const place = (ms: number): number => {
    const index = busy.findLastIndex(({ from }) => from <= ms)
    const stretch = busy[index]
    return stretch ? (starts[index] ?? 0) + (Math.min(ms, stretch.to) - stretch.from) * scale : 0
  }
  const bar = (
    { from, to }: { from: number; to: number | undefined },
    lane: number,
    look: Bar['look'],
    text: string,
  ): Bar => ({
    x: place(from),
    width: Math.max(2, place(until(to)) - place(from)),
    lane,
    look,
    text,
  })

  const requestLanes = packed(requests.map(({ from, to }) => ({ from, to: until(to) })))
  const refreshLanes = packed(refreshes.map(({ from, to }) => ({ from, to: until(to) })))
  return {
    width: Math.max(available, Math.ceil(x)),
    gaps,
    requestLanes: Math.max(0, ...requestLanes.map((lane) => lane + 1)),
    refreshLanes: Math.max(0, ...refreshLanes.map((lane) => lane + 1)),
    requests: requests.flatMap((request, index) =>
      request.spans
        .filter((span) => span.kind !== 'wait' || until(span.to) > span.from)
        .map((span) => {
          const doing =
            span.kind === 'wait' ? 'waits' : span.kind === 'send' ? 'is sent' : 'is sent again'
          const got = span.status === undefined ? '' : `, ${span.status}`
          const look = span.kind === 'wait' && request.outcome === 'failed' ? 'bad' : lookOf(span)
          return bar(
            span,
            requestLanes[index] ?? 0,
            look,
            `Request ${request.id}, tab ${request.tab}: ${doing}${got}, ${inWords(until(span.to) - span.from)}`,
          )
        }),
    ),
    refreshes: refreshes.map((refresh, index) =>
      bar(
        refresh,
        refreshLanes[index] ?? 0,
        refresh.to === undefined ? 'open' : refresh.outcome === 'refreshed' ? 'good' : 'bad',
        `Refresh ${index + 1}: ${refresh.code ?? refresh.outcome}, ${inWords(until(refresh.to) - refresh.from)}`,
      ),
    ),
  }
}
