import type { AccessToken, Coordinator, JobContext, News, Turn } from '@unexpired/core'
import { isNews, markOf, type Mark } from './mark.ts'
import { readMark, writeMark } from './mark-store.ts'

/** How tabs are coordinated. */
export interface AcrossTabsOptions {
  /** How long a tab waits for another's refresh before it goes on without its turn, milliseconds. Default 5 000. */
  readonly waitMs?: number | undefined
  /** How long a tab waits for its store to show what another tab has stored, milliseconds. Default 1 000. */
  readonly catchUpMs?: number | undefined
  /**
   * Hand refreshed tokens over to other tabs of this origin, for sources that keep them in memory
   * only. Default `false`. Whatever the source keeps in its token, a refresh token too, then goes
   * through a BroadcastChannel that every script on the origin can open.
   */
  readonly shareTokens?: boolean | undefined
}

const channelName = '@unexpired/browser'

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * One refresh at a time across all tabs, windows, same-origin frames and workers of a page.
 *
 * The lock is held only around the network call and waited for with a bound; it is never stolen.
 * A mark in IndexedDB tells a tab which gets its turn that another has refreshed meanwhile: it then
 * waits for its own store to show that token, and does not refresh. Where the browser has none of
 * this, each tab works by itself, and a `notice` event says so once.
 *
 * @throws TypeError when a time is not a finite number of milliseconds, 0 or more
 *
 * @example
 * ```ts
 * import { createPolicy } from '@unexpired/core'
 * import { acrossTabs, browserSignals } from '@unexpired/browser'
 * import { amplifyTokens } from '@unexpired/amplify'
 *
 * export const policy = createPolicy({
 *   source: amplifyTokens(),
 *   origins: ['https://api.example.com'],
 *   coordinator: acrossTabs(),
 * })
 * browserSignals(policy)
 * ```
 */
export const acrossTabs = (options: AcrossTabsOptions = {}): Coordinator => {
  const { waitMs = 5_000, catchUpMs = 1_000, shareTokens = false } = options
  for (const [name, ms] of Object.entries({ waitMs, catchUpMs })) {
    if (!(ms >= 0 && ms < Infinity))
      throw new TypeError(
        `acrossTabs: ${name} must be a finite number of milliseconds, 0 or more; got ${String(ms)}`,
      )
  }
  const listeners = new Map<(news: News) => void, string>()
  let channel: BroadcastChannel | undefined
  let isNoticed = false

  const tell = (key: string, news: News): void => {
    for (const [listener, listensTo] of listeners) if (listensTo === key) listener(news)
  }

  /** Says once what the browser does not let us have; everything goes on without it. */
  const without = (key: string, what: string) => (): undefined => {
    if (isNoticed) return
    isNoticed = true
    tell(key, {
      kind: 'notice',
      message: `${what} is not available here, so tabs may refresh at the same time. Sessions with refresh-token rotation can be lost; use a secure context and allow storage.`,
    })
  }

  const mark = (key: string): Promise<Mark | undefined> =>
    Promise.resolve()
      .then(() => readMark(key))
      .catch(without(key, 'IndexedDB'))

  const publish = (key: string, news: News): void => {
    try {
      channel?.postMessage({ key, news })
    } catch {
      // A closed channel, or a token that cannot be cloned: others find out from the store.
    }
  }

  /** Waits for the store to show the token that a mark speaks of. */
  const catchUp = async (
    seen: Mark | undefined,
    { previous, read, signal }: JobContext,
  ): Promise<void> => {
    const until = performance.now() + catchUpMs
    for (let ms = 1; isNews(seen, previous); ms = Math.min(ms * 2, 50)) {
      if (
        !isNews(seen, await read().catch(() => undefined)) ||
        signal.aborted ||
        performance.now() > until
      )
        return
      await sleep(ms)
    }
  }

  const turn = async <R>(
    key: string,
    job: (turn: Turn) => Promise<R>,
    context: JobContext,
  ): Promise<R> => {
    const seen = await mark(key)
    await catchUp(seen, context)
    return job({
      async stillCurrent() {
        const now = await mark(key)
        if (now?.print === seen?.print) return true
        await catchUp(now, context)
        return false
      },
      async committed(token) {
        await writeMark(key, markOf(token)).catch(without(key, 'IndexedDB'))
        publish(
          key,
          shareTokens ? { kind: 'refreshed', token: { ...token } } : { kind: 'refreshed' },
        )
      },
    })
  }

  return {
    async exclusive(key, job, context) {
      const patience = new AbortController()
      const giveUp = (): void => patience.abort()
      const timer = setTimeout(giveUp, waitMs)
      context.signal.addEventListener('abort', giveUp)
      let running: ReturnType<typeof turn<never>> | undefined
      const run = (): Promise<never> => (running ??= turn(key, job as never, context))
      try {
        await navigator.locks.request(`${channelName}:${key}`, { signal: patience.signal }, () => {
          clearTimeout(timer)
          return run()
        })
      } catch {
        if (!running && !patience.signal.aborted) without(key, 'navigator.locks')()
      } finally {
        clearTimeout(timer)
        context.signal.removeEventListener('abort', giveUp)
      }
      return run()
    },
    publish,
    subscribe(key, listener) {
      listeners.set(listener, key)
      try {
        channel ??= new BroadcastChannel(channelName)
        channel.onmessage = ({ data }) => tell(data.key, data.news)
      } catch {
        without(key, 'BroadcastChannel')()
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size) return
        channel?.close()
        channel = undefined
      }
    },
  }
}
