import type { Coordinator, News } from '../src/index.ts'

/** Coordinators of several tabs: one queue for turns, and a channel on which each hears the others. */
export const tabs = (): { tab: () => Coordinator; readonly heard: News[] } => {
  const listeners = new Map<object, (news: News) => void>()
  const heard: News[] = []
  let last: Promise<unknown> = Promise.resolve()
  const tab = (): Coordinator => {
    const self = {}
    const publish = (news: News): void => {
      heard.push(news)
      // As a BroadcastChannel does: later, and to everybody else.
      for (const [other, listener] of listeners)
        if (other !== self) queueMicrotask(() => listener(news))
    }
    return {
      exclusive(_key, job) {
        const turn = last.then(() =>
          job({ stillCurrent: () => true, committed: () => publish({ kind: 'refreshed' }) }),
        )
        last = turn.catch(() => {})
        return turn
      },
      publish: (_key, news) => publish(news),
      subscribe(_key, listener) {
        listeners.set(self, listener)
        return () => void listeners.delete(self)
      },
    }
  }
  return { tab, heard }
}
