import { alive } from './alive.ts'
import { forward } from './moving-clock.ts'
import { amplifyTokenProvider, amplifyTokens } from '@unexpired/amplify'
import { acrossTabs, browserSignals } from '@unexpired/browser'
import { createPolicy, findTokenError, type PolicyEvent } from '@unexpired/core'
import { withAuth } from '@unexpired/fetch'
import { Amplify } from 'aws-amplify'
import { signIn, signOut } from 'aws-amplify/auth'
import { pasted } from './pasted.ts'
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
if (config.hanging?.includes('indexedDB'))
  Object.defineProperty(window, 'indexedDB', { value: { open: () => ({}) } })
if (config.hanging?.includes('transaction'))
  IDBDatabase.prototype.transaction = () =>
    ({ objectStore: () => ({ get() {}, put() {} }) }) as never

if (config.stuckMs) {
  const { get } = IDBObjectStore.prototype
  IDBObjectStore.prototype.get = function (key) {
    const request = get.call(this, key)
    IDBObjectStore.prototype.get = get
    const until = performance.now() + config.stuckMs!
    while (performance.now() < until);
    return request
  }
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
  refreshTimeoutMs: config.refreshTimeoutMs,
  retryBaseMs: config.retryBaseMs,
})
policy.subscribe((event) => events.push(event))

const ours = async (): Promise<string> => (await policy.token()).value

if (config.pattern === 'pasted') Amplify.configure(config.amplify)
else {
  Amplify.configure(config.amplify, { Auth: { tokenProvider: amplifyTokenProvider(policy) } })
  browserSignals(policy)
}

const reason = (error: unknown): string =>
  findTokenError(error)?.code ?? `${(error as Error).name} ${(error as Error).message}`

const call = async (): Promise<Call> => {
  const before = performance.now()
  const tookMs = (): number => performance.now() - before
  try {
    return { ...seen(await (config.pattern === 'pasted' ? pasted() : ours())), tookMs: tookMs() }
  } catch (error) {
    return { error: reason(error), tookMs: tookMs() }
  }
}

const api = withAuth((input, init) => fetch(input, init), policy)
const request = (): Promise<number | string> => api('/api').then(({ status }) => status, reason)

const times = <R>(count: number, run: () => R): R[] => Array.from({ length: count }, run)

let isHidden = false
Object.defineProperty(document, 'hidden', { get: () => isHidden })

window.tab = {
  async signIn(username, password) {
    await signIn({ username, password })
  },
  async signOut() {
    await signOut()
  },
  async calls(count, atMs = 0) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - Date.now())))
    return Promise.all(times(count, call))
  },
  requests: (count) => Promise.all(times(count, request)),
  refresh: () =>
    policy.refresh().then(
      ({ value }) => seen(value),
      (error: unknown) => ({ error: reason(error) }),
    ),
  events: () => JSON.parse(JSON.stringify(events)) as PolicyEvent[],
  snapshot: () => policy.snapshot(),
  forward,
  hide(hidden) {
    isHidden = hidden
    document.dispatchEvent(new Event('visibilitychange'))
  },
  signal(count) {
    times(count, () => {
      dispatchEvent(new Event('online'))
      document.dispatchEvent(new Event('visibilitychange'))
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    })
  },
  dispose: () => policy.dispose(),
  alive,
}
