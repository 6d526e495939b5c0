import { openSession, type Ask, type MemoryConfig } from './memory.ts'

/** What a test can do in a page whose session is in memory, and in the worker of that page. */
export interface MemoryTab {
  open(config: MemoryConfig): void
  openInWorker(config: MemoryConfig): void
  /** Asks all sessions that were opened, at once. */
  ask(): Promise<string[]>
  /** Asks one of them. */
  askOne(index: number): Promise<string>
  /** Hears what is said on a channel, from now on. */
  listen(channel: string): void
  heard(): unknown[]
  say(channel: string, message: unknown): void
}

declare global {
  interface Window {
    memory: MemoryTab
  }
}

const sessions: Ask[] = []
const heard: unknown[] = []

window.memory = {
  open: (config) => void sessions.push(openSession(config)),
  openInWorker(config) {
    const worker = new Worker('/memory-worker.js', { type: 'module' })
    worker.postMessage(config)
    sessions.push(
      () =>
        new Promise((resolve, reject) => {
          worker.onmessage = ({ data }) => resolve(String(data))
          worker.onerror = ({ message }) => reject(new Error(message))
          worker.postMessage(undefined)
        }),
    )
  },
  ask: () => Promise.all(sessions.map((ask) => ask())),
  askOne: (index) => sessions[index]!(),
  listen(channel) {
    new BroadcastChannel(channel).onmessage = ({ data }) => heard.push(data)
  },
  heard: () => heard,
  say: (channel, message) => new BroadcastChannel(channel).postMessage(message),
}
