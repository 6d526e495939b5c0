import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Node's garbage collector, also where it was not started with `--expose-gc`. */
const collector = (): (() => void) => {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

/**
 * How many of the objects that `make` gives are still there once nobody holds them: 0 where nothing
 * leaks. Collects for up to a second. Node only.
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
