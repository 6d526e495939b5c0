import { TokenError } from '@unexpired/core'
import { isRefreshToken, type AuthConfig } from './cookie-tokens.ts'
import type { CookieStore } from './request-context.ts'
import type { RequestSession } from './request-session.ts'

/** `runWithAmplifyServerContext`, of `createServerRunner` in `@aws-amplify/adapter-nextjs`. */
export type ServerRunner = (input: {
  nextServerContext: never
  operation: never
}) => Promise<unknown>

/** Amplify refreshes so long before a token's end, milliseconds. */
const toleranceMs = 5_000

/**
 * The cookies of a request as Amplify sees them: those of now. It finds no refresh token, so that it
 * spends none, and a clock by which a token that lasts is not yet one to be refreshed.
 */
export const amplifyCookies = (
  session: RequestSession,
): CookieStore & { getAll(): never[]; delete(name: string): void } => ({
  get(name) {
    const value = isRefreshToken(name) ? undefined : session.get(name)
    if (value === undefined) return undefined
    return { value: name.endsWith('.clockDrift') ? String(Number(value) - toleranceMs) : value }
  },
  getAll: () => [],
  set: () => {},
  delete: () => {},
})

const reached = new Set<string>()

/**
 * Amplify's adapter verifies tokens by keys that it gets from AWS, and takes every token for invalid
 * as long as it has none. Asked once for each pool, until it answers.
 *
 * @throws {@link TokenError} `offline`
 */
export const keysAreReachable = async ({ Cognito }: AuthConfig): Promise<void> => {
  const { userPoolId = '' } = Cognito
  if (reached.has(userPoolId)) return
  const [region] = userPoolId.split('_')
  const url = `https://cognito-idp.${region}.amazonaws.com/${userPoolId}/.well-known/jwks.json`
  try {
    const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(3_000) })
    if (!ok) throw new Error(`HTTP ${status}`)
    reached.add(userPoolId)
  } catch (cause) {
    throw new TokenError(
      'offline',
      'The keys of the user pool are out of reach, so no token can be verified. Try again later.',
      { cause },
    )
  }
}
