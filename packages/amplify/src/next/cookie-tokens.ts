import type { ResourcesConfig } from 'aws-amplify'
import {
  AUTH_KEY_PREFIX,
  createKeysForAuthStorage,
  DefaultTokenStore,
} from 'aws-amplify/auth/cognito'
import type { CognitoTokens } from '../amplify-token.ts'
import type { CookieOptions } from './request-context.ts'

/** Amplify's configuration, with a user pool in it. */
export type AuthConfig = NonNullable<ResourcesConfig['Auth']>

/** How cookies are written unless the app says otherwise: as Amplify does it, for a year. */
export const cookieDefaults: CookieOptions = {
  path: '/',
  sameSite: 'lax',
  secure: true,
  maxAge: 365 * 24 * 60 * 60,
}

/** A cookie's name as js-cookie writes it, which Amplify uses in the browser. */
const cookieName = (key: string): string =>
  encodeURIComponent(key).replace(/%(2[346B]|5E|60|7C)/g, decodeURIComponent)

/** Under which names Amplify keeps the session of a user. */
const keysOf = (
  { username }: CognitoTokens,
  { Cognito }: AuthConfig,
): ReturnType<typeof createKeysForAuthStorage> & { readonly lastAuthUser: string } => ({
  ...createKeysForAuthStorage(AUTH_KEY_PREFIX, `${Cognito.userPoolClientId}.${username}`),
  lastAuthUser: `${AUTH_KEY_PREFIX}.${Cognito.userPoolClientId}.LastAuthUser`,
})

/** What the cookies of a request hold; `undefined` when nobody is signed in. */
export const tokensIn = async (
  get: (name: string) => string | undefined,
  config: AuthConfig,
): Promise<CognitoTokens | undefined> => {
  const store = new DefaultTokenStore()
  store.setAuthConfig(config)
  const readOnly = async (): Promise<void> => {}
  store.setKeyValueStorage({
    getItem: async (key) => get(cookieName(key)) ?? null,
    setItem: readOnly,
    removeItem: readOnly,
    clear: readOnly,
  })
  return (await store.loadTokens()) ?? undefined
}

/** The cookies that hold a refreshed set, by name. */
export const cookiesFor = (tokens: CognitoTokens, config: AuthConfig): [string, string][] => {
  const keys = keysOf(tokens, config)
  const entries: [string, string | undefined][] = [
    [keys.accessToken, String(tokens.accessToken)],
    [keys.idToken, tokens.idToken?.toString()],
    [keys.refreshToken, tokens.refreshToken],
    [keys.clockDrift, String(tokens.clockDrift)],
    [keys.lastAuthUser, tokens.username],
  ]
  return entries.flatMap(([key, value]) => (value === undefined ? [] : [[cookieName(key), value]]))
}

/** The cookies of a session that is over. What is kept about the device stays, as in Amplify. */
export const cookiesToForget = (tokens: CognitoTokens, config: AuthConfig): string[] => {
  const keys = keysOf(tokens, config)
  return [
    keys.accessToken,
    keys.idToken,
    keys.refreshToken,
    keys.clockDrift,
    keys.signInDetails,
    keys.oauthMetadata,
    keys.lastAuthUser,
  ].map(cookieName)
}

/** Whether a cookie holds a refresh token. */
export const isRefreshToken = (name: string): boolean =>
  name.startsWith(AUTH_KEY_PREFIX) && name.endsWith('.refreshToken')
