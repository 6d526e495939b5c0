import { TokenError } from '@unexpired/core'
import type { TokenErrorCode } from '@unexpired/core'

const whatHappened: Partial<Record<TokenErrorCode, string>> = {
  offline: 'The scripted identity provider could not be reached. Wait for the network.',
  throttled: 'The scripted identity provider had too many requests. Try again later.',
  'server-error': 'The scripted identity provider failed. Try again later.',
  'bad-answer': 'A proxy answered in place of the scripted identity provider. Try again later.',
  'signed-out': 'Nobody is signed in to the scripted identity provider. Sign in.',
  'session-expired': 'The session at the scripted identity provider has expired. Sign in again.',
  'session-revoked': 'The session at the scripted identity provider was ended. Sign in again.',
  'token-reused':
    'A refresh token of the scripted identity provider was spent twice. Sign in again.',
}

/** What a source makes of an answer that is no token. */
export const refreshError = (code: TokenErrorCode, retryAt?: number): TokenError =>
  new TokenError(
    code,
    whatHappened[code] ?? `The scripted identity provider refused with ${code}. See its script.`,
    { retryAt },
  )
