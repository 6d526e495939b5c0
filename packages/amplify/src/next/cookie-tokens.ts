import { DefaultTokenStore } from 'aws-amplify/auth/cognito'
import { AUTH_KEY_PREFIX, createKeysForAuthStorage } from 'aws-amplify/auth/cognito'
import type { ResourcesConfig } from 'aws-amplify'
import type { CognitoTokens } from '../amplify-token.ts'

/** Amplify's configuration, with a user pool in it. */
export type AuthConfig = NonNullable<ResourcesConfig['Auth']>

/** A year, as Amplify has it: the tokens in it end much earlier. */
const maxAge = 365 * 24 * 60 * 60

/** How cookies are written unless the app says otherwise: as Amplify does it. */
export const cookieDefaults = { path: '/', sameSite: 'lax', secure: true, maxAge } as const

/** A cookie's name as js-cookie writes it, which Amplify uses in the browser. */
export const cookieName = (key: string): string =>
  encodeURIComponent(key).replace(/%(2[346B]|5E|60|7C)/g, decodeURIComponent)

const prefixOf = ({ Cognito }: AuthConfig): string =>
  `${AUTH_KEY_PREFIX}.${Cognito.userPoolClientId}`

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
export const cookiesFor = (
  { username, accessToken, idToken, refreshToken, clockDrift }: CognitoTokens,
  config: AuthConfig,
): Map<string, string> => {
  const prefix = prefixOf(config)
  const keys = createKeysForAuthStorage(
    AUTH_KEY_PREFIX,
    `${prefix.slice(AUTH_KEY_PREFIX.length + 1)}.${username}`,
  )
  const entries: [string, string | undefined][] = [
    [keys.accessToken, String(accessToken)],
    [keys.idToken, idToken?.toString()],
    [keys.refreshToken, refreshToken],
    [keys.clockDrift, String(clockDrift)],
    [`${prefix}.LastAuthUser`, username],
  ]
  return new Map(
    entries.flatMap(([key, value]) => (value === undefined ? [] : [[cookieName(key), value]])),
  )
}

/** The cookies of a session that is over. What is kept about the device stays, as in Amplify. */
export const cookiesToForget = ({ username }: CognitoTokens, config: AuthConfig): string[] => {
  const prefix = prefixOf(config)
  const keys = createKeysForAuthStorage(
    AUTH_KEY_PREFIX,
    `${prefix.slice(AUTH_KEY_PREFIX.length + 1)}.${username}`,
  )
  const { accessToken, idToken, refreshToken, clockDrift, signInDetails, oauthMetadata } = keys
  return [
    accessToken,
    idToken,
    refreshToken,
    clockDrift,
    signInDetails,
    oauthMetadata,
    `${prefix}.LastAuthUser`,
  ].map(cookieName)
}

/** Whether a cookie holds a refresh token. */
export const isRefreshToken = (name: string): boolean =>
  name.startsWith(AUTH_KEY_PREFIX) && name.endsWith('.refreshToken')
