import type { AmplifyConfig } from '@unexpired/cognito-emulator'
import type { PolicyEvent, PolicySnapshot } from '@unexpired/core'

/** What came of one call for a token: whose it is, or why there is none. */
export interface Call {
  readonly user?: string
  readonly print?: string
  readonly error?: string
  readonly tookMs?: number
}

/** How a page of the test site behaves; it travels in the fragment of its address. */
export interface PageConfig {
  readonly amplify: AmplifyConfig
  readonly pattern: 'ours' | 'pasted'
  readonly waitMs?: number | undefined
  readonly refreshTimeoutMs?: number | undefined
  readonly without?: readonly string[] | undefined
}

/** What a test can do in a page of the test site. */
export interface Tab {
  signIn(user: string, password: string): Promise<void>
  signOut(): Promise<void>
  /** Asks for a token so many times at once, at a moment (epoch ms) or now. */
  calls(count: number, atMs?: number): Promise<Call[]>
  /** Refreshes whatever the token is good for. */
  refresh(): Promise<Call>
  events(): PolicyEvent[]
  snapshot(): PolicySnapshot
}
