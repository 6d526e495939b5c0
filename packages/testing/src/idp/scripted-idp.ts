import { platform } from '@unexpired/core'
import type { Runtime } from '@unexpired/core'
import { seededRandom } from '../seeded-random.ts'
import { faultQueue } from './faults.ts'
import type { FaultQueue } from './faults.ts'
import { refreshDesk } from './refresh-desk.ts'
import type { RefreshDesk } from './refresh-desk.ts'
import { refreshLog } from './refresh-log.ts'
import type { RefreshRecord } from './refresh-log.ts'
import { scriptedSource } from './scripted-source.ts'
import type { ScriptedSource, ScriptedSourceOptions } from './scripted-source.ts'
import { sessionLedger } from './session-ledger.ts'
import type { AccessCheck, IdpToken, LedgerRules, Refusal } from './session-ledger.ts'
import { tokenStore } from './token-store.ts'

/** How a scripted identity provider behaves. The defaults are the strictest that are seen in the field. */
export interface ScriptedIdpOptions extends Partial<LedgerRules> {
  /** Clock, timers: give it the one that the policy has. Default: the platform's. */
  readonly runtime?: Runtime | undefined
  /** How long a refresh takes, there and back, ms; a pair for something random between. Default 0: it takes promises only, no timer. */
  readonly latencyMs?: number | readonly [number, number] | undefined
  /** How far the identity provider's clock is ahead of the runtime's, ms; negative for behind. Default 0. */
  readonly skewMs?: number | undefined
  /** What random tokens and latencies start from. Default 1. */
  readonly seed?: number | undefined
  /** Who has an account. Default `['alice', 'bob']`. */
  readonly users?: readonly string[] | undefined
}

/** How a device keeps what its sources store. */
export interface DeviceOptions {
  /** How much later the other sources of the device see what one has stored, ms, as tabs do with localStorage. Default 0. */
  readonly lagMs?: number | undefined
}

/** One browser or phone: a store of tokens that any number of sources (tabs, bundles) read. */
export interface Device {
  /** Starts a session and stores its tokens, as a sign-in form does. Default user: the first. */
  signIn(user?: string): IdpToken
  /** Ends the stored session, there and here. */
  signOut(): void
  /** Puts something into the store from outside, or empties it, and tells the identity provider nothing. */
  put(token: IdpToken | undefined): void
  /** What is in the store. */
  readonly stored: IdpToken | undefined
  /** A `TokenSource` for one policy. Each call is another tab on the same store. */
  source(options?: ScriptedSourceOptions): ScriptedSource
}

/** An identity provider in one object, for tests. As a {@link Device} it is the first one; `device()` makes more. */
export interface ScriptedIdp extends Device {
  /** Another browser or phone, with a store of its own. */
  device(options?: DeviceOptions): Device
  /** What goes wrong with the refreshes to come, one each; `undefined` lets one pass. */
  readonly next: FaultQueue['next']
  /** What goes wrong with every refresh once `next` is used up, until said otherwise. */
  readonly always: FaultQueue['always']
  /** What an API knows about an access token now. */
  check(accessToken: string): AccessCheck
  /** From now on the API refuses this access token, by default the one in the store; the session goes on. */
  revokeAccess(token?: IdpToken | string): void
  /** From now on the sessions of this user, or of all, are refused a refresh. Access tokens live on, as JWTs do. */
  endSessions(user?: string, why?: Refusal): void
  /** Every refresh so far, in the order in which they were asked for. */
  readonly refreshes: readonly RefreshRecord[]
  /** How many refreshes are in the air now. */
  readonly inAir: number
  /** How often a refresh token was handed in that had been spent before. */
  readonly spentTwice: number
  /** Every token value that was ever issued: search for them in what must hold none. */
  readonly secrets: ReadonlySet<string>
  /** How far its clock is ahead of the runtime's, ms; may be changed, as when the machine's clock is corrected. */
  skewMs: number
  /** How long a refresh takes, ms; may be changed. */
  latencyMs: number | readonly [number, number]
  /** The key that access tokens are signed with (HS256). */
  readonly secret: string
  /** What the loopback server stands on. */
  readonly desk: RefreshDesk
}

/**
 * An identity provider that does what a test tells it to: sessions, access tokens that are real JWTs,
 * rotation with reuse detection, latency, and every fault that the field has shown.
 *
 * Defaults: access tokens live an hour, sessions 30 days, a refresh token is spent once, without
 * grace, and spending it twice ends the session (RFC 9700, 4.14.2).
 *
 * @throws an `Error` from `signIn` for a user who has no account.
 *
 * @example
 * ```ts
 * import { createPolicy } from '@unexpired/core'
 * import { scriptedIdp, virtualClock } from '@unexpired/testing'
 *
 * const runtime = virtualClock()
 * const idp = scriptedIdp({ runtime, lifetimeMs: 15 * 60_000 })
 * idp.signIn('alice')
 * const policy = createPolicy({ source: idp.source(), origins: ['https://api.example.com'], runtime })
 *
 * await runtime.advance(16 * 60_000)
 * idp.next('throttled')
 * await policy.token().catch((error) => console.log(error.code)) // throttled
 * ```
 */
export const scriptedIdp = (options: ScriptedIdpOptions = {}): ScriptedIdp => {
  const {
    runtime = platform,
    seed = 1,
    users = ['alice', 'bob'],
    secret = 'the key of the scripted identity provider',
  } = options
  const rules: LedgerRules = {
    lifetimeMs: options.lifetimeMs ?? 3_600_000,
    sessionMs: options.sessionMs ?? 30 * 24 * 3_600_000,
    rotation: options.rotation ?? true,
    graceMs: options.graceMs ?? 0,
    reuse: options.reuse ?? 'revoke-family',
    secret,
  }
  const random = seededRandom(seed)
  const faults = faultQueue()
  const log = refreshLog(runtime)
  const ledger = sessionLedger(rules, random)
  const now = (): number => runtime.now() + idp.skewMs
  const desk = refreshDesk(runtime, faults, log, {
    ledger,
    now,
    latencyMs: () => {
      const { latencyMs } = idp
      if (typeof latencyMs === 'number') return latencyMs
      return latencyMs[0] + random() * (latencyMs[1] - latencyMs[0])
    },
  })

  const device = ({ lagMs = 0 }: DeviceOptions = {}): Device => {
    const store = tokenStore(runtime, lagMs)
    return {
      signIn: (user = users[0]) => {
        if (user === undefined || !users.includes(user))
          throw new Error(
            `Nobody is called ${user} here. Name the users of scriptedIdp in its users option.`,
          )
        const token = ledger.open(user, now())
        store.write(token, undefined)
        return token
      },
      signOut: () => {
        if (store.latest) ledger.endByRefreshToken(store.latest.refreshToken)
        store.write(undefined, undefined)
      },
      put: (token) => store.write(token, undefined),
      get stored() {
        return store.latest
      },
      source: (sourceOptions = {}) => scriptedSource(runtime, desk, store, sourceOptions),
    }
  }

  const first = device()
  const idp: ScriptedIdp = {
    ...first,
    get stored() {
      return first.stored
    },
    device,
    next: faults.next,
    always: faults.always,
    check: (accessToken) => ledger.check(accessToken, now()),
    revokeAccess: (token = first.stored) =>
      ledger.revokeAccess(typeof token === 'string' ? token : token?.value),
    endSessions: (user, why = 'session-revoked') => ledger.end(user, why),
    refreshes: log.records,
    get inAir() {
      return log.records.filter((record) => record.outcome === 'in-air').length
    },
    get spentTwice() {
      return log.records.filter((record) => record.again).length
    },
    secrets: ledger.secrets,
    skewMs: options.skewMs ?? 0,
    latencyMs: options.latencyMs ?? 0,
    secret,
    desk,
  }
  return idp
}
