import { createPolicy } from '@unexpired/core'
import type { Policy, PolicyOptions } from '@unexpired/core'
import { scriptedIdp, virtualClock } from '@unexpired/testing'
import type {
  ScriptedIdp,
  ScriptedIdpOptions,
  ScriptedSource,
  VirtualClock,
} from '@unexpired/testing'
import { loopbackApi } from '../loopback-api.ts'
import type { LoopbackApi } from '../loopback-api.ts'
import type { AdapterHarness, ContractRequest, ContractResult } from './harness.ts'

/** What a case wants to be different. */
export interface WorldOptions {
  readonly policy?: Partial<Omit<PolicyOptions, 'source' | 'runtime'>> | undefined
  readonly idp?: Omit<ScriptedIdpOptions, 'runtime'> | undefined
}

/**
 * Everything that one case needs, new for each: alice is signed in, the API is real, the time of
 * policy and identity provider is virtual, and a refresh takes {@link latencyMs} of it.
 */
export interface World {
  readonly clock: VirtualClock
  readonly idp: ScriptedIdp
  readonly source: ScriptedSource
  readonly policy: Policy
  /** The API that may see tokens. */
  readonly api: LoopbackApi
  /** A server at another origin that may not. */
  readonly elsewhere: LoopbackApi
  /** Sends through the adapter. */
  send(path: string, request?: Omit<ContractRequest, 'path'>): Promise<ContractResult>
  /** Sends through the client as it is without the adapter. */
  sendBare(path: string, request?: Omit<ContractRequest, 'path'>): Promise<ContractResult>
  /** Sends through the adapter on a client whose base URL is another. */
  sendFrom(baseUrl: string, path: string): Promise<ContractResult>
  /** A new client with the adapter. */
  attach(): object
  /** A new client as it is without the adapter. */
  attachBare(): object
  /** How many turns of promises pass until a request is handed to the transport. */
  turnsUntilSent(through: 'adapter' | 'bare'): Promise<number>
  /** Makes the first token stale, or ended. */
  age(zone: 'stale' | 'expired'): Promise<void>
  /** Resolves when so many refreshes are in the air, by default one. */
  refreshing(count?: number): Promise<void>
  /** Lets the refresh that is in the air come back. */
  land(): Promise<void>
  /** Lets time pass until this settles. */
  settle(result: Promise<ContractResult>): Promise<ContractResult>
  close(): Promise<void>
}

/** How long a refresh takes, virtual ms. */
const latencyMs = 1_000

export const until = async (isTrue: () => boolean, what: string): Promise<void> => {
  const end = performance.now() + 2_000
  while (!isTrue()) {
    if (performance.now() > end) throw new Error(`Waited in vain until ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

export const createWorld = async <Client extends object>(
  harness: AdapterHarness<Client>,
  options: WorldOptions = {},
): Promise<World> => {
  const clock = virtualClock()
  const idp = scriptedIdp({ runtime: clock, latencyMs, ...options.idp })
  const { headerName, scheme } = options.policy ?? {}
  const api = await loopbackApi({ check: idp.check, headerName, scheme })
  const elsewhere = await loopbackApi({ check: idp.check, headerName, scheme })
  const { expiresAt } = idp.signIn('alice')
  const source = idp.source()
  const origins = [api.origin]
  const policy = createPolicy({ origins, ...options.policy, source, runtime: clock })
  const context = { baseUrl: api.origin, policy, source, idp, clock }
  const { createObserved = harness.create } = harness
  const attach = (): Client => harness.create(context)
  const attachBare = (): Client => harness.create({ ...context, policy: undefined })
  const client = attach()
  const bare = attachBare()

  const refreshing = (count = 1): Promise<void> =>
    until(() => idp.inAir === count, `${count} refresh(es) are in the air; there are ${idp.inAir}`)

  return {
    clock,
    idp,
    source,
    policy,
    api,
    elsewhere,
    attach,
    attachBare,
    refreshing,
    send: (path, request) => harness.request(client, { path, ...request }),
    sendBare: (path, request) => harness.request(bare, { path, ...request }),
    sendFrom: (baseUrl, path) => harness.request(harness.create({ ...context, baseUrl }), { path }),
    turnsUntilSent: async (through) => {
      let sent = false
      const observed = createObserved(
        { ...context, policy: through === 'adapter' ? policy : undefined },
        () => (sent = true),
      )
      void harness.request(observed, { path: '/echo' })
      let turns = 0
      for (; !sent && turns < 10_000; turns++) await Promise.resolve()
      return turns
    },
    age: async (zone) => {
      await clock.advance(expiresAt - clock.now() - (zone === 'stale' ? 60_000 : 0))
    },
    land: async () => {
      await refreshing()
      await clock.advance(latencyMs)
    },
    settle: async (result) => {
      let settled = false
      void result.then(() => (settled = true))
      for (let i = 0; !settled && i < 600; i++) {
        // No time passes while only the network is waited for: how many turns of the event loop that
        // takes is up to the runtime.
        await until(() => settled || idp.inAir > 0 || clock.pending > 0, 'a refresh begins')
        if (!settled) await clock.advance(100)
        await new Promise((resolve) => setImmediate(resolve))
      }
      return result
    },
    close: async () => {
      policy.dispose()
      await Promise.all([api.close(), elsewhere.close()])
    },
  }
}
