import type { AccessToken, Coordinator, JobContext, News, Runtime, Turn } from '@unexpired/core'
import { wait } from '../idp/wait.ts'
import type { CoordinatorKind } from './schedule.ts'

const nobody: Turn = { stillCurrent: () => true, committed: () => {} }

/**
 * What tabs have between them: a lock, a coherent mark of the last token that was stored, and a
 * channel. `sound` keeps its promises; the others break one each, and correctness may not depend on it:
 * `fails` rejects now and then, `hangs` never gives a turn, `forgets` lets everybody in at once, and
 * `loses` takes the lock away from whoever holds it for longer than two seconds.
 */
export const coordinatorHub = (
  runtime: Runtime,
  kind: CoordinatorKind,
  random: () => number,
): (() => Coordinator | undefined) => {
  let last: Promise<unknown> = Promise.resolve()
  let mark: AccessToken | undefined
  const members = new Map<object, Set<(news: News) => void>>()

  const isNews = (previous: AccessToken | undefined): boolean =>
    !!mark &&
    !!previous &&
    mark.value !== previous.value &&
    mark.identity === previous.identity &&
    mark.expiresAt >= previous.expiresAt

  const catchUp = async ({ previous, read, signal }: JobContext): Promise<void> => {
    for (let tries = 0; tries < 40 && isNews(previous) && !signal.aborted; tries++) {
      const shown = await read().catch(() => undefined)
      if (!shown || !isNews(shown)) return
      await wait(runtime, 25)
    }
  }

  return () => {
    if (kind === 'none') return undefined
    const self = {}
    const publish = (_key: string, news: News): void => {
      for (const [member, listeners] of members) {
        if (member !== self)
          for (const listener of listeners) runtime.setTimeout(() => listener(news), 1)
      }
    }
    const inTurn = async <R>(job: (turn: Turn) => Promise<R>, context: JobContext): Promise<R> => {
      const seen = mark
      await catchUp(context)
      return job({
        stillCurrent: async () => {
          if (mark === seen) return true
          await catchUp(context)
          return false
        },
        committed: (token) => {
          mark = token
          publish('', { kind: 'refreshed' })
        },
      })
    }
    return {
      exclusive(_key, job, context) {
        if (kind === 'hangs') return new Promise(() => {})
        if (kind === 'fails' && random() < 0.5)
          return Promise.reject(new Error('The coordinator is out of order.'))
        if (kind === 'forgets') return job(nobody)
        const turn = last.then(() =>
          context.signal.aborted ? Promise.reject(context.signal.reason) : inTurn(job, context),
        )
        const over = turn.catch(() => {})
        last = kind === 'loses' ? Promise.race([over, wait(runtime, 2_000)]) : over
        return turn
      },
      publish,
      subscribe(_key, listener) {
        const listeners = members.get(self) ?? new Set()
        members.set(self, listeners.add(listener))
        return () => void listeners.delete(listener)
      },
    }
  }
}
