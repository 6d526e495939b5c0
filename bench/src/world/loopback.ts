import { fork } from 'node:child_process'
import { once } from 'node:events'
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

export const loopback = async (): Promise<Loopback> => {
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
