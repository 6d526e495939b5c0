import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Catch } from './hunt.ts'
import type { Message, Order } from './hunter.ts'

/** A schedule takes some milliseconds; one that takes so long never ends. */
const longestMs = 20_000

const script = fileURLToPath(new URL('hunter.ts', import.meta.url))

/** One hunt in a process of its own: a wrong core may loop without end, or take the process down. */
const huntOne = (order: Order): Promise<Catch> =>
  new Promise((resolve, reject) => {
    let seed = order.from
    let caught: Catch | undefined
    let said = ''
    const execArgv = ['--conditions=@unexpired/source']
    const child = fork(script, { execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    const breaks = (violation: string): void => {
      caught ??= { name: order.name, seed, violation: `rule 4: ${violation}` }
    }
    const watch = (): NodeJS.Timeout =>
      setTimeout(() => {
        breaks('time stands still')
        child.kill('SIGKILL')
      }, longestMs)
    let watchdog = watch()
    child.stderr?.on('data', (text: unknown) => (said += String(text)))
    child.on('message', (message: Message) => {
      clearTimeout(watchdog)
      if ('seed' in message) {
        seed = message.seed
        watchdog = watch()
      } else caught = message.caught
    })
    child.on('error', reject)
    child.on('close', () => {
      clearTimeout(watchdog)
      // Not even made: the change fits core no longer.
      if (!caught && said.includes('could not be made')) reject(new Error(said))
      else {
        breaks('the process broke down')
        resolve(caught as Catch)
      }
    })
    child.send(order)
  })

/** How to hunt. */
export interface HuntOptions {
  readonly names: readonly string[]
  /** The last seed that is tried; the first is 1. */
  readonly most: number
  /** How many processes at once. */
  readonly processes: number
  /** The seed that found it last time, to be tried first. */
  readonly known?: ((name: string) => number | undefined) | undefined
  readonly onCatch?: ((caught: Catch) => void) | undefined
}

/** Hunts wrong cores, several at a time; gives what was caught in the order of their names. */
export const huntAll = async (options: HuntOptions): Promise<readonly Catch[]> => {
  const { names, most, processes, known, onCatch } = options
  const queue = [...names]
  const catches = new Map<string, Catch>()
  const work = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const seed = known?.(name)
      let caught = await huntOne({ name, from: seed ?? 1, to: seed ?? most })
      if (seed !== undefined && caught.seed === undefined)
        caught = await huntOne({ name, from: 1, to: most })
      catches.set(name, caught)
      onCatch?.(caught)
    }
  }
  await Promise.all(Array.from({ length: processes }, work))
  return names.flatMap((name) => catches.get(name) ?? [])
}
