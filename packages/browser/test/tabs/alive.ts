/**
 * Counts what a page has running: listeners by event, intervals, channels. To be loaded before
 * anything that it should count.
 */
const counts: Record<string, number> = {}
const count = (what: string, change: number): void => {
  counts[what] = (counts[what] ?? 0) + change
}

const key = (type: string, listener: unknown): string => `${type} ${String(ids.get(listener))}`
const ids = new Map<unknown, number>()
const live = new WeakMap<object, Set<string>>()

const { addEventListener, removeEventListener } = EventTarget.prototype
EventTarget.prototype.addEventListener = function (
  this: EventTarget | undefined,
  type,
  listener,
  options,
) {
  addEventListener.call(this, type, listener, options)
  if (this instanceof AbortSignal) return
  if (!ids.has(listener)) ids.set(listener, ids.size)
  const target = this ?? window
  const own = live.get(target) ?? new Set()
  live.set(target, own)
  if (own.has(key(type, listener))) return
  own.add(key(type, listener))
  count(type, 1)
  if (typeof options === 'object')
    options?.signal?.addEventListener('abort', () => {
      if (own.delete(key(type, listener))) count(type, -1)
    })
}
EventTarget.prototype.removeEventListener = function (
  this: EventTarget | undefined,
  type,
  listener,
  options,
) {
  removeEventListener.call(this, type, listener, options)
  if (live.get(this ?? window)?.delete(key(type, listener))) count(type, -1)
}

const { setInterval, clearInterval } = window
const intervals = new Set<unknown>()
Object.assign(window, {
  setInterval: (...given: Parameters<typeof setInterval>) => {
    const id = setInterval(...given)
    intervals.add(id)
    return id
  },
  clearInterval: (id: number) => {
    clearInterval(id)
    intervals.delete(id)
  },
})

if ('BroadcastChannel' in window) {
  window.BroadcastChannel = class extends BroadcastChannel {
    constructor(name: string) {
      super(name)
      count('BroadcastChannel', 1)
    }
    override close(): void {
      super.close()
      count('BroadcastChannel', -1)
    }
  }
}

/** What is running now, without what is not. */
export const alive = (): Record<string, number> =>
  Object.fromEntries(
    Object.entries({ ...counts, interval: intervals.size }).filter(([, number]) => number),
  )
