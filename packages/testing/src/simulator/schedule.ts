import type { FaultScript } from '../idp/faults.ts'
import type { Refusal } from '../idp/session-ledger.ts'
import { seededRandom } from '../seeded-random.ts'
import { episodes } from './episodes.ts'

/** How the coordinator between simulated tabs behaves. */
export type CoordinatorKind = 'none' | 'sound' | 'fails' | 'hangs' | 'forgets' | 'loses'

/** What a simulated world is made of. */
export interface World {
  /** How many tabs share the store. */
  readonly tabs: number
  /** How long an access token lives, ms. */
  readonly lifetimeMs: number
  /** How long a refresh takes, ms. */
  readonly latencyMs: number
  /** How far the identity provider's clock is ahead, ms. */
  readonly skewMs: number
  /** Whether a refresh token can be spent once. */
  readonly rotation: boolean
  /** How long a spent refresh token is still accepted, ms. */
  readonly graceMs: number
  /** What follows when a spent refresh token is seen again: the session ends, or that call alone is refused. */
  readonly reuse?: 'revoke-family' | 'refuse'
  /** How much later other tabs see what one has stored, ms. */
  readonly lagMs: number
  /** How long reading and storing take, ms; absent: they are synchronous. */
  readonly readMs?: number | undefined
  /** A slow read shows what was there when it began, and not what is there when it ends. */
  readonly readsEarly?: boolean | undefined
  /** How long storing takes, ms; absent: it is synchronous. */
  readonly storeMs?: number | undefined
  /** Whether the source tells of changes. */
  readonly subscribe: boolean
  /** Whether the session is out of the page's sight. */
  readonly hiddenSession: boolean
  /** What the tabs have between them. */
  readonly coordinator: CoordinatorKind
  /** The policy's option of that name. */
  readonly keepFresh: boolean
  /** Listeners that throw on every event. */
  readonly listenersThrow: boolean
  /** The source asks the policy for a token while it refreshes. */
  readonly callsBack: boolean
  /** What the source fails with quotes the token that it was about. */
  readonly errorsQuote?: boolean | undefined
}

/** What an actor does. */
export type Deed =
  | {
      readonly do: 'token'
      readonly tab: number
      readonly count: number
      readonly abortMs?: number | undefined
      /** Whoever fails asks once more, at once. */
      readonly insist?: boolean | undefined
    }
  | {
      readonly do: 'request'
      readonly tab: number
      readonly count: number
      /** How long after each other they are sent, ms; absent: all at once. */
      readonly everyMs?: number | undefined
      /** How long the server takes to answer, ms. */
      readonly answerMs: number
      readonly abortMs?: number | undefined
      readonly elsewhere?: boolean | undefined
      readonly oneShot?: boolean | undefined
    }
  | { readonly do: 'refresh'; readonly tab: number; readonly ifCurrent: boolean }
  | {
      readonly do: 'recheck'
      readonly tab: number
      readonly hidden?: boolean | undefined
      readonly online?: boolean | undefined
    }
  | { readonly do: 'sign-in'; readonly user: string }
  | { readonly do: 'sign-out' }
  | { readonly do: 'revoke-access' }
  /** The API refuses every token for a while, as for a wrong audience. */
  | { readonly do: 'refuse-all'; readonly forMs: number }
  | { readonly do: 'end-sessions'; readonly why: Refusal }
  | { readonly do: 'fault'; readonly fault: FaultScript }
  | { readonly do: 'outage'; readonly fault: FaultScript; readonly forMs: number }
  | { readonly do: 'freeze'; readonly tab: number; readonly forMs: number }
  | { readonly do: 'sleep'; readonly ms: number; readonly timers: 'due' | 'frozen' }
  /** The provider's clock is set forward: it never issues a token before the last one. */
  | { readonly do: 'skew'; readonly ms: number }
  | { readonly do: 'dispose'; readonly tab: number }

/** A deed, and when: milliseconds after the one before. */
export type Step = Deed & { readonly after: number }

/** A whole run, as data: the same schedule gives the same run. */
export interface Schedule {
  /** What it was made from, and what randomness of the run starts from. */
  readonly seed: number
  /** What the world is made of. */
  readonly world: World
  /** What happens, one after the other. */
  readonly steps: readonly Step[]
}

/** The schedule of a seed. */
export const scheduleOf = (seed: number): Schedule => {
  const random = seededRandom(seed)
  const pick = <T>(...choices: readonly T[]): T =>
    choices[Math.floor(random() * choices.length)] as T
  const chance = (probability: number): boolean => random() < probability
  const upTo = (ms: number): number => Math.floor(random() * ms)

  const tabs = pick(1, 1, 2, 3)
  const lifetimeMs = pick(10_000, 60_000, 300_000, 3_600_000)
  const asynchronous = chance(0.4)
  const readMs = pick(0, 0, 1, 30)
  // The scripted source tells every tab of each new cookie, as if somebody had signed in.
  const hiddenSession = chance(0.1) && tabs === 1
  const subscribe = hiddenSession || chance(0.75)
  const world: World = {
    tabs,
    lifetimeMs,
    latencyMs: pick(0, 20, 200, 1_500),
    skewMs: pick(0, 0, 0, 3_000, -3_000, 3_600_000, -3_600_000),
    rotation: chance(0.8),
    graceMs: pick(0, 0, 0, 10_000),
    // An HttpOnly cookie is the network's, and all tabs have the same at once.
    lagMs: tabs > 1 && !hiddenSession ? pick(0, 0, 5, 300) : 0,
    ...(asynchronous && { readMs }),
    // Who is not told of a sign-in would store over it by what such a read has shown.
    ...(asynchronous && chance(0.5) && subscribe && { readsEarly: true }),
    // A write that is under way cannot be stopped by who is not told of a sign-in, or needs time to
    // find out who it was: only a store that compares and sets could.
    ...(asynchronous && subscribe && readMs === 0 && { storeMs: pick(0, 1, 30) }),
    subscribe,
    hiddenSession,
    coordinator:
      tabs > 1
        ? pick('none', 'sound', 'sound', 'sound', 'fails', 'hangs', 'forgets', 'loses')
        : 'none',
    keepFresh: chance(0.2),
    listenersThrow: chance(0.1),
    callsBack: chance(0.1),
    ...(chance(0.3) && { reuse: 'refuse' }),
    ...(chance(0.1) && { errorsQuote: true }),
  }

  const tab = (): number => upTo(tabs)
  const abort = (): { abortMs?: number } => (chance(0.15) ? { abortMs: upTo(2_000) } : {})
  const fault = (): FaultScript =>
    pick<() => FaultScript>(
      () => ({ name: 'latency', ms: pick(500, 3_000, 12_000) }),
      () => ({ name: 'throttled', retryAfterMs: pick(undefined, 2_000, 8_000, 30_000) }),
      () =>
        pick('server-error', 'html', 'offline', 'lost-answer', 'same-token', 'bad-token', 'throws'),
      () => ({ name: 'no-answer', heedsSignal: chance(0.5) }),
    )()
  const deed = (): Deed => {
    const dice = random()
    if (dice < 0.27) {
      return {
        do: 'token',
        tab: tab(),
        count: pick(1, 1, 3, 20),
        ...abort(),
        ...(chance(0.15) && { insist: true }),
      }
    }
    if (dice < 0.33) {
      return {
        do: 'request',
        tab: tab(),
        count: pick(10, 40),
        everyMs: pick(20, 500, 1_000),
        answerMs: pick(0, 10, 500),
      }
    }
    if (dice < 0.57) {
      return {
        do: 'request',
        tab: tab(),
        count: pick(1, 1, 2, 5, 20),
        answerMs: pick(0, 10, 500, 5_000),
        ...abort(),
        ...(chance(0.1) && { elsewhere: true }),
        ...(chance(0.1) && { oneShot: true }),
      }
    }
    if (dice < 0.63) return { do: 'refresh', tab: tab(), ifCurrent: chance(0.5) }
    if (dice < 0.7)
      return {
        do: 'recheck',
        tab: tab(),
        ...(chance(0.4) && { hidden: chance(0.5) }),
        ...(chance(0.4) && { online: true }),
      }
    if (dice < 0.74) return { do: 'sign-in', user: pick('alice', 'alice', 'bob') }
    if (dice < 0.77) return { do: 'sign-out' }
    if (dice < 0.79) return { do: 'revoke-access' }
    if (dice < 0.8) return { do: 'refuse-all', forMs: pick(2_000, 40_000) }
    if (dice < 0.815)
      return { do: 'end-sessions', why: pick<Refusal>('session-expired', 'session-revoked') }
    if (dice < 0.89) return { do: 'fault', fault: fault() }
    if (dice < 0.91) return { do: 'outage', fault: fault(), forMs: pick(1_000, 20_000, lifetimeMs) }
    if (dice < 0.93) return { do: 'freeze', tab: tab(), forMs: pick(500, 15_000) }
    if (dice < 0.96)
      return {
        do: 'sleep',
        ms: pick(1_000, lifetimeMs, 8 * 3_600_000),
        timers: pick('due', 'frozen'),
      }
    // Less may not show at once: an `iat` is cut to a second, and an answer takes its time.
    if (dice < 0.98) return { do: 'skew', ms: pick(5_000, 60_000, 3_600_000) }
    return { do: 'dispose', tab: tab() }
  }
  const pause = (): number =>
    pick(
      0,
      0,
      upTo(50),
      upTo(2_000),
      upTo(lifetimeMs),
      Math.floor(lifetimeMs * (0.75 + random() * 0.3)),
    )
  const steps = Array.from({ length: 4 + upTo(28) }, (): Step => ({ after: pause(), ...deed() }))
  const stories = (): readonly (readonly Step[])[] =>
    episodes.map((tell) => tell(world, { pick, upTo, tab })).filter((story) => story.length)
  for (let n = pick(0, 1, 2); n > 0; n--) steps.splice(upTo(steps.length), 0, ...pick(...stories()))
  return { seed, world, steps: [{ after: 0, do: 'sign-in', user: 'alice' }, ...steps] }
}
