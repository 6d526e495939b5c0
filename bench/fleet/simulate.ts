import { seededRandom } from './seeded-random.ts'
import type { Behaviour } from './behaviour.ts'

/** A fleet of sessions, all in use. Times are in seconds. */
export interface Fleet {
  readonly sessions: number
  /** Everybody signs in within this time, evenly. */
  readonly signInWithin: number
  readonly lifetime: number
  /** The mean time between two requests of one session; they come as they like (a Poisson process). */
  readonly requestEvery: number
  /** Refreshes that the identity provider grants in a second. */
  readonly quota: number
  readonly until: number
  readonly seed: number
}

/** What became of a fleet. */
export interface Outcome {
  /** Calls in each second, refused ones included. */
  readonly perSecond: Float64Array
  readonly granted: number
  readonly refused: number
  /** Sessions of which at least one request failed. */
  readonly noticed: number
}

const ticksPerSecond = 10
/** How long a request waits for a refresh at most: `refreshTimeoutMs`. */
const patience = 10

/**
 * Lets a fleet live through its day. Only what matters happens: a session sleeps until the first request
 * after its token is due, as requests in between change nothing.
 */
export const simulate = (fleet: Fleet, behaviour: Behaviour): Outcome => {
  const { sessions, signInWithin, lifetime, requestEvery, quota, until, seed } = fleet
  const random = seededRandom(seed)
  const nextRequest = (): number => -Math.log(1 - random()) * requestEvery

  const ticks = until * ticksPerSecond
  // Each session has one thing ahead; those of one tick are a chain.
  const first = new Int32Array(ticks).fill(-1)
  const following = new Int32Array(sessions)
  const expiredAt = new Float64Array(sessions)
  const waitsSince = new Float64Array(sessions)
  const refusals = new Uint16Array(sessions)
  const hasNoticed = new Uint8Array(sessions)
  const perSecond = new Float64Array(until)
  let granted = 0
  let refused = 0

  const later = (session: number, at: number, now: number): void => {
    const tick = Math.max(Math.ceil(at * ticksPerSecond), now + 1)
    if (tick >= ticks) return
    following[session] = first[tick] as number
    first[tick] = session
  }
  const issue = (session: number, at: number, now: number): void => {
    const [stale, expired] = behaviour.zones(at, lifetime, random())
    expiredAt[session] = expired
    refusals[session] = 0
    waitsSince[session] = 0
    later(session, stale + nextRequest(), now)
  }
  const notice = (session: number): void => void (hasNoticed[session] = 1)

  /** After a refusal: when this session comes again, and whether somebody notices until then. */
  const refuse = (session: number, at: number, now: number): void => {
    const failures = (refusals[session] = Math.min((refusals[session] as number) + 1, 60_000))
    const over = at + behaviour.pause(failures, random())
    const expired = expiredAt[session] as number
    if (behaviour.isBlocking) {
      notice(session)
      return later(session, at + nextRequest(), now)
    }
    if (at >= expired) {
      const since = (waitsSince[session] as number) || at
      // The pause ends in time: who waits goes on waiting.
      if (over <= since + patience) {
        waitsSince[session] = since
        return later(session, over, now)
      }
      notice(session)
      waitsSince[session] = 0
    }
    // The first request that finds no usable token while the pause lasts longer than it would wait fails.
    const next = Math.max(at, expired) + nextRequest()
    if (next < over - patience) notice(session)
    if (next < over && next >= over - patience) {
      waitsSince[session] = next
      return later(session, over, now)
    }
    later(session, over + nextRequest(), now)
  }

  for (let session = 0; session < sessions; session++) issue(session, random() * signInWithin, 0)

  for (let second = 0; second < until; second++) {
    let left = quota
    let calls = 0
    for (let tick = second * ticksPerSecond; tick < (second + 1) * ticksPerSecond; tick++) {
      const at = tick / ticksPerSecond
      for (let session = first[tick] as number; session >= 0;) {
        const next = following[session] as number
        if (left > 0) {
          left--
          calls++
          granted++
          issue(session, at, tick)
        } else {
          calls += behaviour.calls
          refused += behaviour.calls
          refuse(session, at, tick)
        }
        session = next
      }
    }
    perSecond[second] = calls
  }
  let noticed = 0
  for (const one of hasNoticed) noticed += one
  return { perSecond, granted, refused, noticed }
}
