import { createPolicy, type Policy, type PolicyOptions } from '@unexpired/core'
import { scriptedIdp, virtualClock, type ScriptedIdp, type VirtualClock } from '@unexpired/testing'
import { loopbackApi, type LoopbackApi } from '@unexpired/testing/node'
import { onTestFinished } from 'vitest'

/** Alice is signed in, with a fresh token; a refresh takes no time. */
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
}

export const createWorld = async (options: Partial<PolicyOptions> = {}): Promise<World> => {
  const clock = virtualClock()
  const idp = scriptedIdp({ runtime: clock })
  const { headerName, scheme } = options
  const api = await loopbackApi({ check: idp.check, headerName, scheme })
  const elsewhere = await loopbackApi({ check: idp.check, headerName, scheme })
  idp.signIn('alice')
  const source = idp.source()
  const policy = createPolicy({ source, runtime: clock, origins: [api.origin], ...options })
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
  }
}
