import type { AccessToken, Coordinator, News, TokenError } from '@unexpired/core'

/** What the process knows of one refresh token. */
interface Entry {
  /** The turn of whoever came last. */
  last: Promise<unknown>
  readonly listeners: Set<(news: News) => void>
  /** What the refresh token was spent for. */
  token?: AccessToken
  failure?: TokenError | undefined
}

/** How requests of one process are coordinated. */
export interface AcrossRequestsOptions {
  /** How long what a refresh gave is handed to requests that still bring the spent refresh token, milliseconds. Default 10 000. */
  readonly adoptMs?: number | undefined
  /** How long a request waits for another's refresh before it goes on by itself, milliseconds. Default 10 000. */
  readonly waitMs?: number | undefined
}

/** How long a failure is the answer to all who bring the same refresh token, milliseconds. */
const failureMs = 1_000

/** Next.js bundles the proxy, the pages and the route handlers apart: each has a copy of this module, and one process. */
const place = Symbol.for('@unexpired/amplify/next')

const entries = (): Map<string, Entry> => {
  const process = globalThis as { [place]?: Map<string, Entry> }
  return (process[place] ??= new Map())
}

const entryOf = (key: string): Entry => {
  const all = entries()
  const entry = all.get(key) ?? { last: Promise.resolve(), listeners: new Set() }
  all.set(key, entry)
  return entry
}

const later = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms)
  // In Node it must not keep the process alive; an edge runtime gives a number.
  ;(timer as { unref?: () => void }).unref?.()
  return () => clearTimeout(timer)
}

const forget = (key: string, entry: Entry): void => {
  if (!entry.listeners.size && !entry.token && !entry.failure) entries().delete(key)
}

/** The failure that has just been met with this refresh token. */
export const recentFailure = (key: string): TokenError | undefined => entries().get(key)?.failure

/** Keeps a failure for those who would meet it at once again; one that ends the session, as long as a success. */
export const noteFailure = (key: string, failure: TokenError, adoptMs: number): void => {
  const entry = entryOf(key)
  entry.failure = failure
  later(failure.kind === 'signed-out' ? adoptMs : failureMs, () => {
    if (entry.failure === failure) entry.failure = undefined
    forget(key, entry)
  })
}

/**
 * One refresh at a time for one refresh token, among all requests of a process: whoever comes while
 * it runs, or within `adoptMs` after it, is handed what it gave.
 *
 * The key says whose it is, so it has to be made of the refresh token itself: tokens are handed to
 * everybody who shares it. A hash will do, and keeps the token out of the memory of the process.
 *
 * @example
 * ```ts
 * import { acrossRequests, createServerAuth } from '@unexpired/amplify/next'
 *
 * export const auth = createServerAuth({ config, origins, coordinator: acrossRequests({ adoptMs: 30_000 }) })
 * ```
 */
export const acrossRequests = ({
  adoptMs = 10_000,
  waitMs = 10_000,
}: AcrossRequestsOptions = {}): Coordinator => ({
  async exclusive(key, job, { signal }) {
    const entry = entryOf(key)
    const before = entry.last
    let done = (): void => {}
    const own = new Promise<void>((resolve) => (done = resolve))
    // A request that goes on without its turn still has those behind it wait for the one before.
    entry.last = before.then(() => own)
    await new Promise<void>((resolve) => {
      const stop = later(waitMs, resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
      void before.then(() => resolve()).then(stop)
    })
    try {
      return await job({
        stillCurrent: () => true,
        committed(token) {
          entry.token = token
          entries().set(key, entry)
          for (const tell of entry.listeners) tell({ kind: 'refreshed', token })
          later(adoptMs, () => {
            if (entry.token === token) delete entry.token
            forget(key, entry)
          })
        },
      })
    } finally {
      done()
      forget(key, entry)
    }
  },
  subscribe(key, listener) {
    const entry = entryOf(key)
    entry.listeners.add(listener)
    if (entry.token) listener({ kind: 'refreshed', token: entry.token })
    return () => {
      entry.listeners.delete(listener)
      forget(key, entry)
    }
  },
})
