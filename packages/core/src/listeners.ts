import type { PolicyEvent } from './snapshot.ts'

/** Calls what others gave us: what it throws, now or later, must not end what people wait for. */
export const harmlessly = (call: () => unknown): void => {
  void (async () => call())().catch(() => {})
}

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
      for (const listener of listeners) harmlessly(() => listener(event))
    },
    clear: () => listeners.clear(),
  }
}
