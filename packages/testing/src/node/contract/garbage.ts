import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** The garbage collector; Node's also where it was not started with `--expose-gc`. */
const collector = (): (() => void) => {
  const { gc } = globalThis as { gc?: () => void }
  if (gc) return gc
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

/**
 * How many of the objects that `make` gives are still there once nobody holds them: 0 where nothing
 * leaks. Collects for up to a second. In Node; elsewhere where there is a global `gc`.
 *
 * @example
 * ```ts
 * import { survivors } from '@unexpired/testing/node'
 *
 * console.log(await survivors(1_000, () => withAuth(axios.create(), policy))) // 0
 * ```
 */
export const survivors = async (count: number, make: () => object): Promise<number> => {
  const collect = collector()
  const made = Array.from({ length: count }, () => new WeakRef(make()))
  let left = count
  for (let i = 0; left > 0 && i < 20; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    collect()
    left = made.filter((ref) => ref.deref() !== undefined).length
  }
  return left
}
