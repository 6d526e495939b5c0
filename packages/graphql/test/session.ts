import { createPolicy, platform } from '@unexpired/core'
import type {
  AccessToken,
  Policy,
  PolicyOptions,
  Runtime,
  TokenError,
  TokenSource,
} from '@unexpired/core'

/** A session of one user, whose tokens are `token-1`, `token-2`, … and are accepted until revoked. */
export interface TestSession {
  policyFor(origin: string, options?: Partial<PolicyOptions>): Policy
  /** How often the identity provider was asked. */
  readonly refreshes: () => number
  /** The values of the `authorization` header that a server accepts. */
  isAccepted(header: unknown): boolean
  /** The server accepts none of the tokens given out so far. */
  revoke(): void
  /** Whatever is refreshed from now on is refused by the server as well. */
  acceptNothing(): void
  /** The identity provider answers with this error from now on; `undefined` mends it. */
  failWith(error: TokenError | undefined): void
  /** Keeps the refreshes that begin from now on waiting until it is called. */
  holdRefreshes(): () => void
  signOut(): void
  signIn(identity: string): void
}

export interface TestSessionOptions {
  /** Default: an hour. */
  readonly lifetimeMs?: number
  /** The lifetime of the first token. Default: that of all. */
  readonly firstLifetimeMs?: number
  readonly signedIn?: boolean
  /** How long the identity provider takes, ms of real time. Default 5. */
  readonly refreshMs?: number
  /** The clock of the identity provider and of the policy. Default: the platform's. */
  readonly runtime?: Runtime
}

export const createTestSession = (options: TestSessionOptions = {}): TestSession => {
  const {
    lifetimeMs = 3_600_000,
    firstLifetimeMs = lifetimeMs,
    signedIn = true,
    refreshMs = 5,
    runtime = platform,
  } = options
  const accepted = new Set<unknown>()
  let issued = 0
  let refreshes = 0
  let acceptsNew = true
  let failure: TokenError | undefined
  let onChange = (): void => {}
  let released: Promise<void> | undefined

  const issue = (identity: string): AccessToken => {
    const ends = runtime.now() + (issued ? lifetimeMs : firstLifetimeMs)
    const value = `token-${++issued}`
    if (acceptsNew) accepted.add(`Bearer ${value}`)
    return { value, issuedAt: runtime.now(), expiresAt: ends, identity }
  }
  let stored = signedIn ? issue('alice') : undefined

  const source: TokenSource = {
    name: 'test',
    read: () => stored,
    async refresh({ previous }) {
      refreshes++
      await new Promise((resolve) => setTimeout(resolve, refreshMs))
      await released
      if (failure) throw failure
      return issue(previous?.identity ?? 'alice')
    },
    store(token) {
      stored = token
    },
    subscribe(listener) {
      onChange = listener
      return () => {}
    },
  }

  return {
    policyFor: (origin, settings) =>
      createPolicy({ origins: [origin], runtime, ...settings, source }),
    refreshes: () => refreshes,
    isAccepted: (header) => accepted.has(header),
    revoke: () => accepted.clear(),
    acceptNothing() {
      accepted.clear()
      acceptsNew = false
    },
    failWith(error) {
      failure = error
    },
    holdRefreshes() {
      let release = (): void => {}
      released = new Promise((resolve) => (release = resolve))
      return release
    },
    signOut() {
      stored = undefined
      onChange()
    },
    signIn(identity) {
      stored = issue(identity)
      onChange()
    },
  }
}
