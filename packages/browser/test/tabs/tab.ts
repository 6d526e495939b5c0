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
  readonly retryBaseMs?: number | undefined
  /** For how long the page is stuck, as in a long task, when it has just asked for the mark; milliseconds. */
  readonly stuckMs?: number | undefined
  /** What the browser is made to lack. */
  readonly without?: readonly string[] | undefined
  /** What the browser is made to have, and never to answer. */
  readonly hanging?: readonly string[] | undefined
}

/** How a page behaves, as a test says it. */
export type TabOptions = Omit<PageConfig, 'amplify'>

/** What a test can do in a page of the test site. */
export interface Tab {
  signIn(user: string, password: string): Promise<void>
  signOut(): Promise<void>
  /** Asks for a token so many times at once, at a moment (epoch ms) or now. */
  calls(count: number, atMs?: number): Promise<Call[]>
  /** Sends so many requests to the API at once; gives each answer's status, or the code of the error. */
  requests(count: number): Promise<(number | string)[]>
  /** Refreshes whatever the token is good for. */
  refresh(): Promise<Call>
  events(): PolicyEvent[]
  snapshot(): PolicySnapshot
  /** Sets this machine's clock forward; the monotonic one goes on as before, as after a sleep. */
  forward(ms: number): void
  /** Puts another tab in front, or this one again. */
  hide(isHidden: boolean): void
  /** Fires all that browserSignals listens to, so many times. */
  signal(times: number): void
  dispose(): void
  /** What still listens, ticks or is open in this page, by its name. */
  alive(): Readonly<Record<string, number>>
}

/** A page that is open in some browser. */
export interface OpenTab {
  /** Runs a function in the page, with one argument that is plain data. */
  evaluate<R, A = undefined>(run: (arg: A) => R | Promise<R>, arg?: A): Promise<R>
}
