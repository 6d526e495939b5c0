import type { AccessToken, Policy, TokenError } from '@unexpired/core'
import type { cognitoUserPoolsTokenProvider as amplifyProvider } from 'aws-amplify/auth/cognito'
import { Hub } from 'aws-amplify/utils'
import type { CognitoTokens } from './amplify-token.ts'
import { tellChange } from './hub.ts'
import { connect, loadTokens } from './stored-tokens.ts'

/** What Amplify is given; see {@link amplifyTokenProvider}. */
export interface AmplifyTokenProvider {
  /** The tokens that are stored, fresh enough to be sent; `null` when nobody is signed in. */
  getTokens(request?: {
    readonly forceRefresh?: boolean
  }): ReturnType<typeof amplifyProvider.getTokens>
}

/** How `diagnose` finds out whether Amplify asks a provider of ours. */
export const probe: unique symbol = Symbol.for('@unexpired/amplify/probe')

const isShown = (stored: CognitoTokens | null, token: AccessToken | undefined): boolean =>
  token
    ? [stored?.accessToken, stored?.idToken].some((jwt) => jwt?.toString() === token.value)
    : !stored

/**
 * Makes Amplify's own calls share the policy's refreshes: `fetchAuthSession`, `getCurrentUser`, the
 * API and Storage categories. For `Amplify.configure`, which without it keeps a refresh of its own.
 *
 * Nobody signed in, or a session that has ended, is `null`, as Amplify expects. Everything else
 * rejects with an error that has Amplify's name and a `TokenError` as its `cause`. `clientMetadata` of
 * a single call is not sent, as a refresh has many callers; `setClientMetadataProvider` is honoured.
 *
 * @example
 * ```ts
 * import { amplifyTokenProvider } from '@unexpired/amplify'
 * import { Amplify } from 'aws-amplify'
 *
 * Amplify.configure(config, { Auth: { tokenProvider: amplifyTokenProvider(policy) } })
 * ```
 */
export const amplifyTokenProvider = (
  policy: Pick<Policy, 'token' | 'refresh'>,
): AmplifyTokenProvider => {
  // A sign-in stores its tokens before it asks anybody; the store must know the user pool by then.
  Hub.listen('core', connect)
  // The policy may be one that bundles share, and its source on another copy of Amplify.
  Hub.listen('auth', tellChange)

  const orNobody = async (
    asked: () => AccessToken | Promise<AccessToken>,
  ): Promise<AccessToken | undefined> => {
    try {
      return await asked()
    } catch (error) {
      const { kind, message, cause, name } = error as TokenError
      if (kind === 'signed-out') return undefined
      // Amplify's callers know its errors by name, such as NetworkError.
      throw Object.assign(new Error(message, { cause: error }), { name: cause?.name ?? name })
    }
  }

  return {
    // Amplify hands on the very object that its caller gave.
    async getTokens(request: { forceRefresh?: boolean; [probe]?: () => void } = {}) {
      request[probe]?.()
      const { forceRefresh } = request
      let token = await orNobody(() => (forceRefresh ? policy.refresh() : policy.token()))
      let stored = await loadTokens()
      // A sign-in asks for the user before it tells anybody that there is one.
      if (!isShown(stored, token)) {
        tellChange()
        token = await orNobody(() => policy.token())
        stored = await loadTokens()
      }
      if (!token || !stored) return null
      const { accessToken, idToken } = stored
      // oxlint-disable-next-line typescript/no-deprecated -- getCurrentUser has it from here.
      return { accessToken, idToken, signInDetails: stored.signInDetails } as Awaited<
        ReturnType<AmplifyTokenProvider['getTokens']>
      >
    },
  }
}
