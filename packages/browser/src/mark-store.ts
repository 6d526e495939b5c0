import type { Mark } from './mark.ts'

/** Some engines never answer after a tab was suspended, and a tab that is stopped in the middle of a write holds up all others. */
const patienceMs = 1_000

/**
 * Marks in IndexedDB: the one store of a browser that is coherent between tabs under a Web Lock.
 * localStorage is not, in any engine: a tab that has just got the lock may still read the old value.
 *
 * The connection is opened for each use, a few milliseconds beside a refresh of tens: an open one
 * keeps a page out of the back-forward cache, and dies silently in a suspended WebKit tab.
 */
const use = (
  mode: IDBTransactionMode,
  run: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open('@unexpired/browser', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('marks')
    opening.onerror = reject
    opening.onsuccess = () => {
      const database = opening.result
      const transaction = database.transaction('marks', mode)
      const request = run(transaction.objectStore('marks'))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = reject
      // It closes when the transaction is through.
      database.close()
    }
    setTimeout(reject, patienceMs)
  })

/** The mark that the last tab left for this key. Rejects where IndexedDB is not to be had. */
export const readMark = (key: string): Promise<Mark | undefined> =>
  use('readonly', (store) => store.get(key)) as Promise<Mark | undefined>

/** Leaves a mark; resolves when it is written for all tabs to see. */
export const writeMark = (key: string, mark: Mark): Promise<unknown> =>
  use('readwrite', (store) => store.put(mark, key))
