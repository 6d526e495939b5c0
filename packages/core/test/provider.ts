import type { Runtime } from '../src/index.ts'

/** A promise that never settles: an identity provider, a store or a coordinator that hangs. */
export const never = (): Promise<never> => new Promise(() => {})

/** What `give` gives, that much later by the runtime's clock. */
export const after = <V>(runtime: Runtime, ms: number, give: () => V | Promise<V>): Promise<V> =>
  new Promise<void>((resolve) => void runtime.setTimeout(resolve, ms)).then(give)
