import type { World } from '../world/world.ts'

/** A signed-in client that has begun to work in a world. */
export interface Worker {
  /** Sends one request as its user would, and says how it was answered; rejects or not as the client does. */
  send(path: string): Promise<number>
  close?(): void
}

/** Somebody who can do the work: us on one client, or what a user would pick instead. */
export interface Contender {
  readonly name: string
  readonly role: 'ours' | 'peer' | 'limit'
  /** How it is configured, where that is not its README's first example. */
  readonly note?: string
  begin(world: World): Worker | Promise<Worker>
}
