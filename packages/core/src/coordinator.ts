import type { TokenError } from './errors.ts'
import type { AccessToken } from './token.ts'

/**
 * What one holder of a session tells the others.
 *
 * - `refreshed`: a newer token is stored; `token` only where the user opted in to hand it over
 * - `failed`: the identity provider is to be left alone until `retryAt` (epoch ms)
 * - `changed`: somebody signed in or out
 * - `notice`: the coordinator itself has something to say, as that it can only work in this page
 */
export type News =
  | { readonly kind: 'refreshed'; readonly token?: AccessToken }
  | { readonly kind: 'failed'; readonly retryAt: number }
  | { readonly kind: 'changed' }
  | { readonly kind: 'notice'; readonly message: string }

/** What a job may ask while it has its turn. */
export interface Turn {
  /**
   * Whether nobody else has committed since this turn began: `false` for a tab that was frozen with
   * the lock and wakes up too late. Asked right before a token is stored, and with the error right
   * before a session is declared over: another may have won the race for a refresh token, and where
   * the job may not have run alone, it is worth waiting a moment for the winner.
   */
  stillCurrent(over?: TokenError): Promise<boolean> | boolean
  /** This token is stored now. */
  committed(token: AccessToken): Promise<void> | void
}

/** What a coordinator is told about a job. */
export interface JobContext {
  /** Aborted when nobody waits any longer; the wait for a turn ends with it. */
  readonly signal: AbortSignal
  /** The token that the job wants to replace. */
  readonly previous: AccessToken | undefined
  /** Reads the store again, to find out whether it shows yet what another holder has committed. */
  read(): Promise<AccessToken | undefined>
}

/**
 * Who else might refresh the same session: other tabs, other servers.
 *
 * A coordinator makes double refreshes rare; it is never what correctness rests on. The policy reads
 * its source again after it has got its turn, and stores a result only if nothing newer happened.
 */
export interface Coordinator {
  /**
   * Runs `job` alone among all that share `key`, after a bounded wait. Past the bound it runs the job
   * anyway. Settles as the job does.
   */
  exclusive<R>(key: string, job: (turn: Turn) => Promise<R>, context: JobContext): Promise<R>
  /** Tells the others; never throws, never waits. */
  publish?(key: string, news: News): void
  /** Hears the others, not oneself. Returns how to stop. */
  subscribe?(key: string, listener: (news: News) => void): () => void
}
