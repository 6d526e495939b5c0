import { createPolicy, type Policy, type PolicyOptions } from '@unexpired/core'
import { scriptedIdp, virtualClock, type ScriptedIdp, type VirtualClock } from '@unexpired/testing'
import { loopbackApi, type LoopbackApi } from '@unexpired/testing/node'
import { onTestFinished } from 'vitest'

/** Alice is signed in, with a fresh token. */
export interface World {
  readonly clock: VirtualClock
  readonly idp: ScriptedIdp
  readonly api: LoopbackApi
  /** Another origin, which the policy does not name. */
  readonly elsewhere: LoopbackApi
  readonly policy: Policy
  /** The API refuses the token that is in hand. */
  refuse(): void
  /** The token in hand has ended. */
  expire(): Promise<void>
  /** A refresh is in the air. */
  refreshing(): Promise<void>
  /** Lets time pass until this settles. */
  settle<T>(outcome: Promise<T>): Promise<T>
}

/** A strict API on loopback; a refresh takes `latencyMs` of virtual time, by default none. */
export const createWorld = async (
  options: Partial<PolicyOptions> & { latencyMs?: number } = {},
): Promise<World> => {
  const { latencyMs = 0, ...others } = options
  const clock = virtualClock()
  const idp = scriptedIdp({ runtime: clock, latencyMs })
  const { headerName, scheme } = others
  const api = await loopbackApi({ check: idp.check, headerName, scheme })
  const elsewhere = await loopbackApi({ check: idp.check, headerName, scheme })
  idp.signIn('alice')
  const source = idp.source()
  const policy = createPolicy({ source, runtime: clock, origins: [api.origin], ...others })
  onTestFinished(async () => {
    policy.dispose()
    await Promise.all([api.close(), elsewhere.close()])
  })
  return {
    clock,
    idp,
    api,
    elsewhere,
    policy,
    refuse: () => idp.revokeAccess(idp.stored?.value ?? ''),
    expire: () => clock.advance((idp.stored?.expiresAt ?? 0) - clock.now()),
    refreshing: async () => {
      while (idp.inAir === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    },
    settle: async (outcome) => {
      let isSettled = false
      const done = (): boolean => (isSettled = true)
      outcome.then(done, done)
      while (!isSettled) {
        await new Promise((resolve) => setTimeout(resolve, 1))
        await clock.advance(100)
      }
      return outcome
    },
  }
}
