import type { Runtime } from '@unexpired/core'
import type { ScriptedSource } from '../idp/scripted-source.ts'
import type { World } from './schedule.ts'

/** What a token source of your own is given in the simulation: one for each tab. */
export interface SourceContext {
  /** Which tab it is for, from 0. */
  readonly tab: number
  /** What the world is like: latency, skew, lag, ... */
  readonly world: World
  /** The clock of this tab; it stands still while the tab is frozen. */
  readonly runtime: Runtime
  /**
   * The scripted source of this tab. Take from it what yours does not bring: its `read`, `store`,
   * `clear` and `subscribe` are the browser's storage, where the simulated sign-in form puts its tokens.
   */
  readonly scripted: ScriptedSource & Required<Pick<ScriptedSource, 'store' | 'clear'>>
  /**
   * A `fetch` whose every URL is the token endpoint of the simulation: it takes a form with
   * `grant_type=refresh_token` and answers as RFC 6749 says, with all faults of the schedule. On
   * `offline` and `lost-answer` it rejects with a `TypeError`, as fetch does.
   */
  readonly fetch: (url: string | URL, init: RequestInit) => Promise<Response>
}
