import { findTokenError, type TokenErrorKind } from '@unexpired/core'

const words: Record<TokenErrorKind, string> = {
  offline: 'We cannot be reached right now. Try again in a moment.',
  transient: 'Something is slow on our side. Try again in a moment.',
  'signed-out': 'Please sign in again.',
  misconfigured: 'This page is not set up correctly.',
}

/** What an error means for the person in front of the page. */
export const inWords = (error: unknown): { kind: TokenErrorKind | 'failed'; text: string } => {
  const known = findTokenError(error)
  return known
    ? { kind: known.kind, text: words[known.kind] }
    : { kind: 'failed', text: 'The server did not answer as expected.' }
}
