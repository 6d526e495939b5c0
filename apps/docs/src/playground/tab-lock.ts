import type { Coordinator, News, Runtime } from '@unexpired/core'

/**
 * What `acrossTabs` is between real tabs: one job at a time, and news for the others. The tabs of the
 * playground are in one page and share a store without delay, so no mark is needed.
 */
export const tabLock = (runtime: Runtime): (() => Coordinator) => {
  const hearers = new Map<object, (news: News) => void>()
  let last: Promise<unknown> = Promise.resolve()
  return () => {
    const self = {}
    return {
      exclusive(_key, job) {
        const done = last.then(() => job({ stillCurrent: () => true, committed: () => {} }))
        last = done.catch(() => {})
        return done
      },
      publish(_key, news) {
        for (const [hearer, hear] of hearers)
          if (hearer !== self) runtime.setTimeout(() => hear(news), 1)
      },
      subscribe(_key, hear) {
        hearers.set(self, hear)
        return () => void hearers.delete(self)
      },
    }
  }
}
