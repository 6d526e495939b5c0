import type { PolicyEvent } from './snapshot.ts'

/** Those who want to hear of changes. */
export interface Listeners {
  add(listener: (event: PolicyEvent) => void): () => void
  tell(event: PolicyEvent): void
  clear(): void
}

/** Listeners that cannot harm the policy: what they throw is dropped. */
export const createListeners = (): Listeners => {
  const listeners = new Set<(event: PolicyEvent) => void>()
  return {
    add(listener) {
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const own = (event: PolicyEvent): void => listener(event)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    tell(event) {
      for (const listener of listeners) {
        try {
          listener(event)
        } catch {
          // Another's fault must not end a refresh that others wait for.
        }
      }
    },
    clear: () => listeners.clear(),
  }
}
