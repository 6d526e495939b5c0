import { findTokenError } from '@unexpired/core'
import { scriptedIdp } from '../src/idp/scripted-idp.ts'
import type { ScriptedIdp, ScriptedIdpOptions } from '../src/idp/scripted-idp.ts'
import type { ScriptedSource } from '../src/idp/scripted-source.ts'
import type { IdpToken } from '../src/idp/session-ledger.ts'
import { virtualClock } from '../src/virtual-clock.ts'
import type { VirtualClock } from '../src/virtual-clock.ts'

/** Alice, signed in, and one source of her tokens. */
export const signedIn = (
  options: ScriptedIdpOptions = {},
): { clock: VirtualClock; idp: ScriptedIdp; source: ScriptedSource } => {
  const clock = virtualClock()
  const idp = scriptedIdp({ runtime: clock, ...options })
  idp.signIn('alice')
  return { clock, idp, source: idp.source() }
}

/** A signal that nobody aborts. */
export const { signal } = new AbortController()

/** What a policy does when it refreshes. */
export const refresh = (
  source: ScriptedSource,
  previous: IdpToken | undefined,
  stop: AbortSignal = signal,
): Promise<IdpToken> => source.refresh({ reason: 'manual', signal: stop, previous })

/** The code of what a refresh rejects with. */
export const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => findTokenError(error)?.code ?? error,
  )

/** How each refresh ended, in order. */
export const outcomes = (idp: ScriptedIdp): string[] =>
  idp.refreshes.map(({ outcome, code }) => code ?? outcome)
