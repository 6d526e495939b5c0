import { TokenError } from '@unexpired/core'
import { Amplify, type ResourcesConfig } from 'aws-amplify'
import {
  AUTH_KEY_PREFIX,
  cognitoUserPoolsTokenProvider,
  createKeysForAuthStorage,
} from 'aws-amplify/auth/cognito'
import type { CognitoTokens } from './amplify-token.ts'

const tokenStore = (): typeof cognitoUserPoolsTokenProvider.authTokenStore =>
  cognitoUserPoolsTokenProvider.authTokenStore

/**
 * Hands Amplify's configuration on to its token store: `Amplify.configure` leaves that store alone
 * when it is given a token provider.
 */
export const connect = (): ResourcesConfig['Auth'] => {
  const auth = Amplify.getConfig().Auth
  if (auth) cognitoUserPoolsTokenProvider.setAuthConfig(auth)
  return auth
}

/**
 * The configuration, with a user pool in it.
 *
 * @throws {@link TokenError} `source-failed` when Amplify has no user pool
 */
export const withUserPool = (): NonNullable<ResourcesConfig['Auth']> => {
  const auth = connect()
  if (auth?.Cognito.userPoolClientId) return auth
  throw new TokenError(
    'source-failed',
    'Amplify has no user pool. Call Amplify.configure() with Auth.Cognito before the first request.',
  )
}

const keysOf = ({ username }: CognitoTokens): ReturnType<typeof createKeysForAuthStorage> =>
  createKeysForAuthStorage(
    AUTH_KEY_PREFIX,
    `${withUserPool().Cognito.userPoolClientId}.${username}`,
  )

/** What is stored; `null` when nobody is signed in. Rejects when the storage cannot be read. */
export const loadTokens = async (): Promise<CognitoTokens | null> => {
  withUserPool()
  const tokens = await tokenStore().loadTokens()
  // Amplify answers null for a storage that fails, too; the user's name fails openly.
  if (!tokens) await tokenStore().getLastAuthUser()
  return tokens
}

/** Whether two sets hold the same access token; every sign-in and every refresh gives another one. */
export const isSameAccess = (a: CognitoTokens, b: CognitoTokens): boolean =>
  String(a.accessToken) === String(b.accessToken)

/**
 * Writes a refreshed set beside its user's name; `false` when that user is signed in no longer, and
 * then nothing of it is left behind.
 *
 * Amplify's `storeTokens` is not used: it names the user anew, so a sign-out would be undone and a
 * sign-in that runs meanwhile would get the other user's tokens. It also writes the access token
 * first. Here it is written last, in the opposite order of Amplify's reading: nobody ever finds a new
 * access token beside a spent refresh token, neither after a crash nor in another tab.
 */
export const writeTokens = async (tokens: CognitoTokens, signal: AbortSignal): Promise<boolean> => {
  const storage = tokenStore().getKeyValueStorage()
  const keys = keysOf(tokens)
  const entries = [
    [keys.refreshToken, tokens.refreshToken],
    [keys.clockDrift, `${tokens.clockDrift}`],
    [keys.idToken, tokens.idToken?.toString()],
    [keys.accessToken, tokens.accessToken.toString()],
  ] as const
  for (const [key, value] of entries) {
    if (!signal.aborted) await (value ? storage.setItem(key, value) : storage.removeItem(key))
  }
  if ((await tokenStore().getLastAuthUser()) === tokens.username) return true
  await Promise.all(entries.map(([key]) => storage.removeItem(key)))
  return false
}

/** Forgets a set if it is still the stored one; `false` when it is not. What is kept about the device stays, as in Amplify. */
export const removeTokens = async (ended: CognitoTokens): Promise<boolean> => {
  const stored = await loadTokens()
  if (!stored || !isSameAccess(stored, ended) || stored.refreshToken !== ended.refreshToken)
    return false
  const storage = tokenStore().getKeyValueStorage()
  const { accessToken, idToken, refreshToken, clockDrift, signInDetails, oauthMetadata } =
    keysOf(ended)
  await Promise.all(
    [accessToken, idToken, refreshToken, clockDrift, signInDetails, oauthMetadata].map((key) =>
      storage.removeItem(key),
    ),
  )
  // Another user's sign-in may have come first.
  if ((await tokenStore().getLastAuthUser()) === ended.username)
    await storage.removeItem(
      `${AUTH_KEY_PREFIX}.${withUserPool().Cognito.userPoolClientId}.LastAuthUser`,
    )
  return true
}
