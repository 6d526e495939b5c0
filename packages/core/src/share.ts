import type { Policy } from './policy.ts'

/** What bundles on one page agree on; it changes only when `Policy` stops being what an older bundle expects. */
const protocol = 1

interface Shared {
  readonly protocol: number
  readonly policy: Policy
  /** What was said already about differing settings. */
  readonly said: Set<string>
}

const registryKey = Symbol.for('@unexpired/policies')

const registry = (): Map<string, Shared> => {
  const page = globalThis as { [registryKey]?: Map<string, Shared> }
  return (page[registryKey] ??= new Map())
}

// Bundlers put the value in for the expression; where nobody does and there is no process, say nothing.
declare const process: { readonly env: { readonly NODE_ENV?: string } }
const isDevelopment = (): boolean => {
  try {
    return process.env.NODE_ENV !== 'production'
  } catch {
    return false
  }
}

/** Says each difference once, whatever the number of bundles that differ. */
const compare = (name: string, { policy, said }: Shared, create: () => Policy): void => {
  const say = (what: string): void => {
    const message = `sharePolicy(${JSON.stringify(name)}): ${what}`
    if (said.has(message)) return
    said.add(message)
    // oxlint-disable-next-line no-console -- For the developer of the page, in development.
    console.warn(message)
  }
  try {
    const other = create()
    // A factory that keeps its policy gives back the very one that is in force.
    if (other === policy) return
    const [mine, theirs] = [other.settings, policy.settings]
    other.dispose()
    for (const field of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
      const [here, there] = [JSON.stringify(mine[field]), JSON.stringify(theirs[field])]
      if (here === there) continue
      say(
        `${field} is ${here} here, but ${there} in the policy that the page already has. The latter is used; give every bundle the same settings, and the same version of @unexpired/core.`,
      )
    }
  } catch (error) {
    // In production nobody would have called it.
    say(`create threw ${String(error)} here. The policy that the page already has is used.`)
  }
}

/**
 * One policy for each name on a page, whatever the number of bundles and of copies of this library:
 * one token, one refresh at a time, one cool-down. The first caller creates it. Frames and workers
 * have pages of their own: between those, `acrossTabs` of `@unexpired/browser` coordinates. Not for a
 * server, where the same page serves many users.
 *
 * In development, a later caller whose settings differ is told so in the console, field by field; it
 * is for this that `create` is called there once more, so keep it free of side effects. A copy of the
 * library whose protocol is another one keeps to itself and says so. After `dispose` the name is free.
 *
 * @throws TypeError when the name is empty or `create` gives no policy
 *
 * @example
 * ```ts
 * import { createPolicy, sharePolicy } from '@unexpired/core'
 * import { amplifyTokens } from '@unexpired/amplify'
 *
 * export const policy = sharePolicy('main', () =>
 *   createPolicy({ source: amplifyTokens(), origins: ['https://api.example.com'] }),
 * )
 * ```
 */
export const sharePolicy = (name: string, create: () => Policy): Policy => {
  if (typeof name !== 'string' || !name) {
    throw new TypeError('sharePolicy: name must be a string that all bundles of the page agree on')
  }
  const policies = registry()
  const first = policies.get(name)
  const isForeign = !!first && first.protocol !== protocol
  const key = isForeign ? `${name}@${protocol}` : name
  const shared = policies.get(key)
  if (shared) {
    if (isDevelopment()) compare(name, shared, create)
    return shared.policy
  }
  if (isForeign) {
    // oxlint-disable-next-line no-console -- Nobody else hears of it: each half of the page works by itself.
    console.warn(
      `sharePolicy(${JSON.stringify(name)}): this bundle speaks protocol ${protocol}, the page's policy protocol ${first.protocol}. They do not share tokens; bring both bundles to one major version of @unexpired/core.`,
    )
  }
  const policy = create()
  if (typeof policy?.authorize !== 'function') {
    throw new TypeError('sharePolicy: create must return what createPolicy returns')
  }
  policies.set(key, { protocol, policy, said: new Set() })
  policy.subscribe(({ type }) => {
    if (type === 'disposed' && policies.get(key)?.policy === policy) policies.delete(key)
  })
  return policy
}
