import { AUTH_KEY_PREFIX, TokenOrchestrator } from 'aws-amplify/auth/cognito'
import { Hub } from 'aws-amplify/utils'
import type { CognitoTokens } from './amplify-token.ts'
import { withUserPool } from './stored-tokens.ts'

type Store = Parameters<TokenOrchestrator['setAuthTokenStore']>[0]

/**
 * Has Amplify itself say `tokenRefresh`, or `tokenRefresh_failure` with the error, on its Hub. An
 * orchestrator that refreshes nothing and stores nothing does it: the Hub warns on the console of
 * everybody else who speaks on the channel 'auth'.
 */
export const announce = async (tokens: CognitoTokens, failure?: Error): Promise<void> => {
  const orchestrator = new TokenOrchestrator()
  orchestrator.setAuthConfig(withUserPool())
  const give = async (): Promise<CognitoTokens> => tokens
  // A sign-in by redirect that was never completed would hold it up.
  orchestrator.waitForInflightOAuth = async () => {}
  orchestrator.setAuthTokenStore({
    loadTokens: give,
    getLastAuthUser: give,
    storeTokens: give,
    clearTokens: give,
  } as unknown as Store)
  orchestrator.setTokenRefresher(failure ? () => Promise.reject(failure) : give)
  await orchestrator.getTokens({ forceRefresh: true }).catch(() => {})
}

/** A page can have several copies of Amplify, one in each bundle, and none hears the Hub of another. */
const listenersKey = Symbol.for('@unexpired/amplify/listeners')

const listeners = (): Set<() => void> => {
  const page = globalThis as { [listenersKey]?: Set<() => void> }
  return (page[listenersKey] ??= new Set())
}

/** Has every source on this page look at the store again, whichever copy of Amplify it belongs to. */
export const tellChange = (): void => {
  for (const onChange of listeners()) onChange()
}

/**
 * Hears of sign-ins, sign-outs and refreshes: of this page by the Hub, of other copies of Amplify on
 * it by {@link tellChange}, of other tabs by the storage, or by the Hub where Amplify watches a
 * storage of its own (6.22). Returns how to stop.
 */
export const listen = (onChange: (isSignOutHere: boolean) => void): (() => void) => {
  const stopAuth = Hub.listen(
    'auth',
    // A sign-out of another tab may be one from another user pool.
    ({ payload, crossTab }) => onChange(payload.event === 'signedOut' && !crossTab),
    { enableCrossTabEvents: true },
  )
  const onTold = (): void => onChange(false)
  listeners().add(onTold)
  const onStorage = ({ key }: StorageEvent): void => {
    if (!key || key.startsWith(AUTH_KEY_PREFIX)) onChange(false)
  }
  // Not in Node, and not everywhere in React Native.
  globalThis.addEventListener?.('storage', onStorage)
  return () => {
    stopAuth()
    listeners().delete(onTold)
    globalThis.removeEventListener?.('storage', onStorage)
  }
}
