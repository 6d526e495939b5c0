import { expiryOf } from '../../packages/core/dist/expiry.js'
import { backoffMs } from '../../packages/core/dist/retry.js'

/** How the clients of a fleet behave. Times are in seconds. */
export interface Behaviour {
  readonly name: string
  /** How many calls one attempt makes while it is refused. */
  readonly calls: number
  /** `true` where a request waits for the refresh, and fails with it, though the token is good. */
  readonly isBlocking: boolean
  /** When a token that is issued now becomes due, and when it can be sent no longer; `draw` is in [0, 1). */
  zones(
    issuedAt: number,
    lifetime: number,
    draw: number,
  ): readonly [staleAt: number, expiredAt: number]
  /** How long to leave the provider alone after so many refusals in a row. */
  pause(refusals: number, draw: number): number
}

/** The defaults of a policy: what `createPolicy` has without options. */
const defaults = { minValidityMs: 5_000, skewMs: 0, retryBaseMs: 1_000, retryMaxMs: 60_000 }

const policy = (name: string, bufferMs: number, isJittered: boolean): Behaviour => ({
  name,
  calls: 1,
  isBlocking: false,
  zones(issuedAt, lifetime, draw) {
    const token = { value: 'x', issuedAt: issuedAt * 1000, expiresAt: (issuedAt + lifetime) * 1000 }
    const { staleAt, expiredAt } = expiryOf(token, {
      ...defaults,
      bufferMs,
      draw: isJittered ? draw : 0,
    })
    return [staleAt / 1000, expiredAt / 1000]
  },
  pause: (refusals, draw) =>
    backoffMs(refusals, defaults.retryBaseMs, defaults.retryMaxMs, isJittered ? draw : 1) / 1000,
})

export const behaviours: readonly Behaviour[] = [
  {
    // Five minutes before the end every request refreshes first. Amplify makes three tries of a refusal
    // with TooManyRequests, 0.8 s in all, and then the request fails, good token or not.
    name: 'widespread pattern',
    calls: 3,
    isBlocking: true,
    zones: (issuedAt, lifetime) => [issuedAt + lifetime - 300, issuedAt + lifetime],
    pause: () => 0,
  },
  policy('policy without jitter', 300_000, false),
  policy('policy', 300_000, true),
  policy('policy with bufferMs 720 000', 720_000, true),
]
