import type {
  AccessToken,
  Coordinator,
  JobContext,
  News,
  Runtime,
} from '../../../packages/core/dist/index.js'

/**
 * What tabs have between them, in its simplest sound form: a lock that is fair, a mark of the last token
 * that was stored, and a channel. Whoever gets the lock waits until its own store shows what the mark
 * says, as stores of tabs are not ordered by locks.
 */
export const coordinatedTabs = (runtime: Runtime): (() => Coordinator) => {
  let last: Promise<unknown> = Promise.resolve()
  let mark: AccessToken | undefined
  const listeners = new Map<object, (news: News) => void>()

  const catchUp = async ({ previous, read, signal }: JobContext): Promise<void> => {
    if (!mark || mark.value === previous?.value) return
    for (let tries = 0; tries < 40 && !signal.aborted; tries++) {
      if ((await read())?.value === mark.value) return
      await new Promise<void>((resolve) => void runtime.setTimeout(resolve, 5))
    }
  }

  return () => {
    const self = {}
    const publish = (_key: string, news: News): void => {
      for (const [tab, listener] of listeners)
        if (tab !== self) runtime.setTimeout(() => listener(news), 1)
    }
    return {
      exclusive(key, job, context) {
        const turn = last.then(async () => {
          await catchUp(context)
          const seen = mark
          return job({
            stillCurrent: () => mark === seen,
            committed: (token) => {
              mark = token
              publish(key, { kind: 'refreshed' })
            },
          })
        })
        last = turn.catch(() => {})
        return turn
      },
      publish,
      subscribe(_key, listener) {
        listeners.set(self, listener)
        return () => void listeners.delete(self)
      },
    }
  }
}
