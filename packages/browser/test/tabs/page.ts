import { amplifyTokenProvider, amplifyTokens } from '@unexpired/amplify'
import { acrossTabs, browserSignals } from '@unexpired/browser'
import { createPolicy, findTokenError, type PolicyEvent } from '@unexpired/core'
import { Amplify } from 'aws-amplify'
import { fetchAuthSession, signIn, signOut } from 'aws-amplify/auth'
import type { Call, PageConfig, Tab } from './tab.ts'

declare global {
  interface Window {
    tab: Tab
  }
}

const config = JSON.parse(decodeURIComponent(location.hash.slice(1))) as PageConfig

// What a browser may lack, taken away before anything looks for it.
for (const name of config.without ?? []) {
  const owner = name === 'locks' ? Navigator.prototype : window
  Object.defineProperty(owner, name, {
    configurable: true,
    get() {
      throw new DOMException(`${name} is switched off`, 'SecurityError')
    },
  })
}

const events: PolicyEvent[] = []

/** The user of a token, and how to recognise the token. */
const seen = (token: string): Call => ({
  user: String(
    JSON.parse(atob(token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/'))).username,
  ),
  print: token.slice(-12),
})

const policy = createPolicy({
  source: amplifyTokens(),
  origins: ['self'],
  coordinator: acrossTabs({ waitMs: config.waitMs }),
  refreshTimeoutMs: config.refreshTimeoutMs ?? 10_000,
})
policy.subscribe((event) => events.push(event))

const ours = async (): Promise<Call> => seen((await policy.token()).value)

/** What people paste: a forced refresh when the token ends within five minutes. */
const pasted = async (): Promise<Call> => {
  let { tokens } = await fetchAuthSession()
  if (!tokens) throw new Error('signed-out')
  if (tokens.accessToken.payload.exp! * 1000 - Date.now() < 300_000)
    ({ tokens } = await fetchAuthSession({ forceRefresh: true }))
  if (!tokens) throw new Error('signed-out')
  return seen(tokens.accessToken.toString())
}

if (config.pattern === 'pasted') Amplify.configure(config.amplify)
else {
  Amplify.configure(config.amplify, { Auth: { tokenProvider: amplifyTokenProvider(policy) } })
  browserSignals(policy)
}

const call = async (): Promise<Call> => {
  const before = performance.now()
  try {
    return {
      ...(await (config.pattern === 'pasted' ? pasted() : ours())),
      tookMs: performance.now() - before,
    }
  } catch (error) {
    const { name, message } = error as Error
    return {
      error: findTokenError(error)?.code ?? `${name} ${message}`,
      tookMs: performance.now() - before,
    }
  }
}

window.tab = {
  async signIn(username, password) {
    await signIn({ username, password })
  },
  async signOut() {
    await signOut()
  },
  async calls(count, atMs = 0) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - Date.now())))
    return Promise.all(Array.from({ length: count }, call))
  },
  refresh: () =>
    policy.refresh().then(
      ({ value }) => seen(value),
      (error) => ({ error: findTokenError(error)?.code ?? String(error) }),
    ),
  events: () => JSON.parse(JSON.stringify(events)) as PolicyEvent[],
  snapshot: () => policy.snapshot(),
}
