import {
  TokenError,
  type AccessToken,
  type TokenErrorCode,
  type TokenSource,
} from '@unexpired/core'
import type { RefreshFailure } from './refresh-route.ts'

/**
 * A browser's token source that has the app's own server refresh, by `auth.refreshRoute`, and reads
 * the cookies that the server sets. So the server is the one place where refresh tokens are spent:
 * with rotation and no grace, a click in the page and a refresh of that page can no longer spend the
 * same one.
 *
 * @param source - Amplify's, with `Amplify.configure(config, { ssr: true })`
 * @param url - Where the route handler is, as `/auth/refresh`
 *
 * @throws TokenError in what `refresh` rejects with: as the server says, or `bad-answer`
 *
 * @example
 * ```ts
 * import { amplifyTokens } from '@unexpired/amplify'
 * import { refreshThroughServer } from '@unexpired/amplify/next'
 * import { createPolicy } from '@unexpired/core'
 *
 * export const policy = createPolicy({
 *   source: refreshThroughServer(amplifyTokens(), '/auth/refresh'),
 *   origins: ['https://api.example.com'],
 * })
 * ```
 */
export const refreshThroughServer = <T extends AccessToken>(
  source: TokenSource<T>,
  url: string,
): TokenSource<T> => {
  const { store: _, clear: __, ...kept } = source
  return {
    ...kept,
    async refresh({ previous, signal }) {
      const body = String(previous?.expiresAt ?? 0)
      const response = await fetch(url, { method: 'POST', body, signal, cache: 'no-store' })
      if (!response.ok) {
        const { code, message, retryAt } = (await response
          .json()
          .catch(() => ({}))) as Partial<RefreshFailure>
        throw new TokenError(
          (code ?? 'bad-answer') as TokenErrorCode,
          message ?? `The refresh route answered ${response.status}. Check its address.`,
          { retryAt },
        )
      }
      const token = await source.read()
      if (token) return token
      throw new TokenError('signed-out', 'Nobody is signed in. Show the sign-in page.')
    },
  }
}
