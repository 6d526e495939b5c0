import type { Runtime } from '@unexpired/core'
import type { IdpToken } from './session-ledger.ts'

/** Who reads or writes: one source, or `undefined` for somebody whose writes all see at once. */
export type StoreUser = object | undefined

/** What the sources of one device have in common. */
export interface TokenStore {
  /** What this reader sees now: its own writes at once, those of other sources after the lag. */
  seenBy(reader: StoreUser): IdpToken | undefined
  write(token: IdpToken | undefined, writer: StoreUser): void
  /** Hears of each write when this reader can see it; of its own, too. */
  subscribe(reader: StoreUser, onChange: () => void): () => void
  readonly latest: IdpToken | undefined
}

interface Write {
  readonly token: IdpToken | undefined
  readonly writer: StoreUser
  readonly visibleAt: number
}

export const tokenStore = (runtime: Runtime, lagMs: number): TokenStore => {
  let writes: readonly Write[] = []
  const readers = new Set<{ readonly reader: StoreUser; readonly onChange: () => void }>()
  const isSeen = (write: Write, reader: StoreUser): boolean =>
    write.writer === undefined || write.writer === reader || write.visibleAt <= runtime.monotonic()

  return {
    seenBy: (reader) => writes.filter((write) => isSeen(write, reader)).at(-1)?.token,
    get latest() {
      return writes.at(-1)?.token
    },
    write: (token, writer) => {
      // A write that all can see hides everything before it.
      const stillSeen = writes.filter(
        (_, i) => !writes.slice(i + 1).some((later) => isSeen(later, undefined)),
      )
      writes = [...stillSeen, { token, writer, visibleAt: runtime.monotonic() + lagMs }]
      for (const entry of readers) {
        const tell = (): void => {
          if (readers.has(entry)) entry.onChange()
        }
        if (lagMs > 0 && writer !== undefined && entry.reader !== writer)
          runtime.setTimeout(tell, lagMs)
        else tell()
      }
    },
    subscribe: (reader, onChange) => {
      const entry = { reader, onChange }
      readers.add(entry)
      return () => void readers.delete(entry)
    },
  }
}
