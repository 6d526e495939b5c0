'use client'

import type { Policy, PolicySnapshot } from '@unexpired/core'
import { useSyncExternalStore } from 'react'

/** What the hook needs of a policy. */
export type SessionPolicy = Pick<Policy, 'snapshot' | 'subscribe'>

/** Nobody has asked on the server, and a page that is hydrated must begin as the server wrote it. */
const unknown: PolicySnapshot = Object.freeze({
  status: 'unknown',
  expiresAt: undefined,
  retryAt: undefined,
  error: undefined,
})
const onServer = (): PolicySnapshot => unknown

/**
 * What the policy knows now, for a component that shows it: renders again when that changes.
 *
 * On the server, and in the first render of a hydrated page, the status is `unknown`, whatever the
 * policy knows: show nothing for it. It asks nobody for a token; the status stays `unknown` until a
 * client or `policy.token()` has.
 *
 * @example
 * ```ts
 * import { useSession } from '@unexpired/react'
 * import { policy } from './tokens.ts'
 *
 * export const Banner = () => {
 *   const { status, retryAt } = useSession(policy)
 *   if (status === 'offline') return 'You are offline. We go on as soon as you are back.'
 *   if (status === 'cooling-down') return `Trying again at ${new Date(retryAt ?? 0).toLocaleTimeString()}`
 *   if (status === 'signed-out') return 'Please sign in again.'
 *   return null
 * }
 * ```
 */
export const useSession = (policy: SessionPolicy): PolicySnapshot =>
  useSyncExternalStore(policy.subscribe, policy.snapshot, onServer)
