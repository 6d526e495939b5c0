import { amplifyTokenProvider, amplifyTokens } from '@unexpired/amplify'
import { acrossTabs, browserSignals } from '@unexpired/browser'
import { createPolicy, findTokenError, jwtToken, sharePolicy, type Policy } from '@unexpired/core'
import { Amplify } from 'aws-amplify'
import { signIn, signOut } from 'aws-amplify/auth'
import { pasted } from './pasted.ts'
import type { Call, PageConfig } from './tab.ts'

/** One of several bundles on a page, each with its own copy of Amplify and of this library. */
export interface Bundle {
  readonly policy: Policy
  /** Asks for the shared policy again, as a bundle does that is loaded later. */
  share(): Policy
  call(): Promise<Call>
  /** Through the bundle's own copy of Amplify. */
  signIn(user: string, password: string): Promise<void>
  signOut(): Promise<void>
}

declare global {
  interface Window {
    bundles: Bundle[]
  }
}

const config = JSON.parse(decodeURIComponent(location.hash.slice(1))) as PageConfig
const { searchParams } = new URL(import.meta.url)
// The number of the bundle only makes it another one.
searchParams.delete('bundle')
const options = Object.fromEntries([...searchParams].map(([name, value]) => [name, Number(value)]))

const share = (): Policy =>
  sharePolicy('main', () =>
    createPolicy({
      source: amplifyTokens(),
      origins: ['self'],
      coordinator: acrossTabs(),
      ...options,
    }),
  )
const policy = share()
if (config.pattern === 'pasted') Amplify.configure(config.amplify)
else {
  browserSignals(policy)
  Amplify.configure(config.amplify, { Auth: { tokenProvider: amplifyTokenProvider(policy) } })
}

const ours = async (): Promise<string> => (await policy.token()).value

window.bundles ??= []
window.bundles.push({
  policy,
  share,
  async signIn(username, password) {
    await signIn({ username, password })
  },
  signOut: () => signOut(),
  async call() {
    try {
      const { value, identity } = jwtToken(await (config.pattern === 'pasted' ? pasted() : ours()))
      return { print: value.slice(-12), ...(identity && { user: identity }) }
    } catch (error) {
      return { error: findTokenError(error)?.code ?? String(error) }
    }
  },
})

window.tab = {
  signIn: (user: string, password: string) => window.bundles.at(-1)!.signIn(user, password),
  /** So many calls from every bundle at once. */
  async calls(count: number, atMs = 0) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - Date.now())))
    const bundles = Array.from({ length: count }, () => window.bundles).flat()
    return Promise.all(bundles.map((bundle) => bundle.call()))
  },
} as Window['tab']
