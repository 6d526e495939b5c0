import { fork } from 'node:child_process'
import { once } from 'node:events'
import { globalAgent } from 'node:http'
import { join } from 'node:path'
import type { Order } from './loopback-server.ts'
import type { Conduct, Counts, Tokens } from './provider.ts'
import type { World } from './world.ts'

/** Real servers on loopback, in a process of their own. */
export interface Loopback {
  /** Starts another session, with a token of this age; counts start again. */
  begin(ageMs: number): Promise<World>
  conduct(change: Partial<Conduct>): Promise<void>
  revoke(accessToken: string): Promise<void>
  /** From now on requests to this path are answered while the others are held. */
  release(path: string): Promise<void>
  count(): Promise<Counts & { readonly held: number }>
  close(): void
}

/**
 * As many connections as a small agent has, for everybody: ten thousand at once would measure how the
 * system opens sockets. Node's own fetch keeps its pool under this symbol and has no other way in.
 */
const connections = 64
const boundConnections = (): void => {
  globalAgent.maxSockets = connections
  const pool = Symbol.for('undici.globalDispatcher.1')
  const world = globalThis as unknown as Record<
    symbol,
    { constructor: new (options: object) => object }
  >
  const { constructor: Agent } = world[pool] as { constructor: new (options: object) => object }
  Object.assign(world, { [pool]: new Agent({ connections }) })
}

export const loopback = async (): Promise<Loopback> => {
  // Node makes its pool when fetch is first called.
  await fetch('data:,')
  boundConnections()
  const child = fork(join(import.meta.dirname, 'loopback-server.ts'))
  const heard = async <T>(): Promise<T> => {
    const [message] = (await once(child, 'message')) as [{ answer: T }]
    return message.answer
  }
  const origin = await heard<string>()
  const ask = <T>(order: Order): Promise<T> => {
    const answer = heard<T>()
    child.send(order)
    return answer
  }
  return {
    async begin(ageMs) {
      return {
        origin,
        fetch,
        adapter: undefined,
        tokens: await ask<Tokens>({ kind: 'begin', ageMs }),
      }
    },
    async conduct(change) {
      await ask({ kind: 'conduct', conduct: change })
    },
    async revoke(accessToken) {
      await ask({ kind: 'revoke', accessToken })
    },
    async release(path) {
      await ask({ kind: 'release', path })
    },
    count: () => ask({ kind: 'count' }),
    close: () => void child.disconnect(),
  }
}
