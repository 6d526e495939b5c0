import { isTokenError } from '@unexpired/core'
import type { BeforeRetryHook } from 'ky'

/**
 * Keeps ky from repeating a request that has no token to send: ky 1 repeats whatever fails, and a
 * request of one user must not go out again for the next.
 */
export const giveUp: BeforeRetryHook = ({ error }) => {
  if (isTokenError(error)) throw error
}
