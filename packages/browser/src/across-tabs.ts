import type { AccessToken, Coordinator, JobContext, News, Turn } from '@unexpired/core'
import { isNews, markOf, type Mark } from './mark.ts'
import { readMark, writeMark } from './mark-store.ts'

/** How tabs are coordinated. */
export interface AcrossTabsOptions {
  /**
   * How long a tab waits for another that refreshes and gives no sign of life, as when it is frozen,
   * before it goes on without its turn, milliseconds. Default 5 000. A slow refresh is waited for.
   */
  readonly waitMs?: number | undefined
  /** How long a tab waits for its store to show what another tab has stored, milliseconds. Default 1 000. */
  readonly catchUpMs?: number | undefined
  /**
   * Hand refreshed tokens over to other tabs of this origin, and take theirs, for sources that keep
   * them in memory only. Default `false`. Whatever the source keeps in its token, a refresh token too,
   * then goes through a BroadcastChannel that every script on the origin can open. The token must be
   * plain data, as for `structuredClone`.
   */
  readonly shareTokens?: boolean | undefined
}

/** What tabs tell each other: what policies have to say, and `busy`, the sign of life of a tab that refreshes. */
type Word = News | { readonly kind: 'busy' }

/** How many signs of life a tab gives within `waitMs` while it has its turn. */
const ticksOfWait = 4
/** How long a turn can last, whatever happens to its job: with the default `waitMs`, half a minute. */
const ticksOfTurn = 24

const placeOf = (key: string): string => `@unexpired/browser:${key}`

/** What the store shows now; nothing where it cannot be read. */
const shown = ({ read }: JobContext): Promise<AccessToken | undefined> =>
  read().catch(() => undefined)

/** Asks until the answer is yes; `false` when it was not within `ms`. */
const within = async (ms: number, isDone: () => Promise<boolean>): Promise<boolean> => {
  const until = performance.now() + ms
  while (!(await isDone())) {
    if (performance.now() >= until) return false
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return true
}

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
  if (!(Math.min(waitMs, catchUpMs) >= 0 && waitMs + catchUpMs < Infinity))
    throw new TypeError(
      `acrossTabs: waitMs and catchUpMs must be 0 ms or more; got ${waitMs}, ${catchUpMs}`,
    )
  /** By which each key speaks: nobody hears what is said by the line that they listen to. */
  const lines: Record<string, BroadcastChannel | undefined> = {}
  let hearer: ((news: News) => void) | undefined
  let isNoticed = false
  let patienceMs = catchUpMs

  /** Says once what the browser does not let us have; everything goes on without it. */
  const without = (what: string): undefined => {
    if (isNoticed) return
    isNoticed = true
    hearer?.({
      kind: 'notice',
      message: `There is no ${what} here: two tabs may refresh at once, and lose the session. Use https, and allow storage.`,
    })
  }

  const listen = (key: string, onWord: (word: Word) => void): BroadcastChannel | undefined => {
    try {
      const line = new BroadcastChannel(placeOf(key))
      // Any script of the origin may speak here.
      line.onmessage = ({ data }: MessageEvent<Word | null>) => data && onWord(data)
      // In Node it must not keep the process alive.
      ;(line as { unref?: () => void }).unref?.()
      return line
    } catch {
      return without('BroadcastChannel')
    }
  }

  const say = (key: string, news: News): boolean => {
    try {
      lines[key]?.postMessage(news)
      return true
    } catch {
      // A line that is closed, or a token that cannot be copied.
      return false
    }
  }

  /** `null` where there is no telling, and `undefined` where no tab has left one. */
  const mark = (key: string): Promise<Mark | undefined | null> =>
    readMark(key).catch(() => {
      without('IndexedDB')
      return null
    })

  /** Waits for the store to show the token that a mark speaks of. */
  const catchUp = async (seen: Mark | undefined | null, context: JobContext): Promise<void> => {
    if (!isNews(seen, context.previous)) return
    const isShown = await within(patienceMs, async () => !isNews(seen, await shown(context)))
    // A store that this tab has for itself will never show what others have.
    patienceMs = isShown ? catchUpMs : catchUpMs / 20
  }

  const turn = async <R>(
    key: string,
    job: (turn: Turn) => Promise<R>,
    context: JobContext,
    raceMs: number,
  ): Promise<R> => {
    const look = async (): Promise<Mark | undefined | null> => {
      const found = await mark(key)
      await catchUp(found, context)
      return found
    }
    const since = performance.now()
    let seen = await look()
    // A tab that was stuck for so long may have been overtaken by those that waited for it.
    if (performance.now() - since > waitMs) seen = await look()
    return job({
      async stillCurrent(over) {
        // Who has won the race may still be storing what it got.
        const isNew = async (): Promise<boolean> =>
          (await shown(context))?.value !== context.previous?.value
        if (over) await within(raceMs, isNew)
        // Where there is no telling, the policy rests on the store alone.
        const now = seen !== null && (await mark(key))
        if (!now || now.print === seen?.print) return true
        await catchUp(now, context)
        return false
      },
      async committed(token) {
        const writing = writeMark(key, markOf(token)).catch(() => without('IndexedDB'))
        // What did not answer before is not waited for again.
        if (seen !== null) await writing
        if (shareTokens && say(key, { kind: 'refreshed', token: { ...token } })) return
        say(key, { kind: 'refreshed' })
        if (shareTokens) without('copy of the token')
      },
    })
  }

  return {
    async exclusive<R>(key: string, job: (turn: Turn) => Promise<R>, context: JobContext) {
      const { signal } = context
      let running: Promise<R> | undefined
      /** How long to wait for who was faster, milliseconds: in the lock nobody was. */
      let raceMs = 0
      const run = (): Promise<R> => (running ??= turn(key, job, context, raceMs))
      const inLock = async (lock: string): Promise<void> => {
        if (running) return
        signal.throwIfAborted()
        const patience = new AbortController()
        const giveUp = (): void => patience.abort()
        let ticks = 0
        const line = listen(key, ({ kind }) => {
          if (kind === 'busy' && !running) ticks = 0
        })
        const clock = setInterval(() => {
          if (running) line?.postMessage({ kind: 'busy' })
          if (++ticks === (running ? ticksOfTurn : ticksOfWait)) giveUp()
        }, waitMs / ticksOfWait)
        signal.addEventListener('abort', giveUp)
        const hold = (): Promise<unknown> =>
          new Promise<unknown>((release) => {
            ticks = 0
            patience.signal.addEventListener('abort', release)
            run().then(release, release)
          })
        try {
          await navigator.locks.request(lock, { signal: patience.signal }, hold)
        } catch {
          if (!patience.signal.aborted) without('navigator.locks')
        } finally {
          clearInterval(clock)
          signal.removeEventListener('abort', giveUp)
          line?.close()
        }
      }

      await inLock(placeOf(key))
      raceMs = catchUpMs
      // All who gave up on the same tab would go on at the same time: they queue once more.
      await inLock(placeOf(`2:${key}`))
      return run()
    },
    publish: say,
    subscribe(key, listener) {
      hearer = listener
      const line = (lines[key] = listen(key, (word) => {
        if (word.kind === 'busy') return
        // What was not asked for is not taken.
        listener(word.kind === 'refreshed' && !shareTokens ? { kind: 'refreshed' } : word)
      }))
      return () => line?.close()
    },
  }
}
