import { TokenError, type TokenSource } from '@unexpired/core'
import {
  cognitoUserPoolsTokenProvider,
  refreshAuthTokensWithoutDedupe,
} from 'aws-amplify/auth/cognito'
import {
  amplifyToken,
  type AmplifyToken,
  type CognitoTokens,
  type TokenUse,
} from './amplify-token.ts'
import { announce, listen } from './hub.ts'
import { explain } from './outcome.ts'
import {
  withUserPool,
  isSameAccess,
  loadTokens,
  removeTokens,
  writeTokens,
} from './stored-tokens.ts'

/** The settings of {@link amplifyTokens}. */
export interface AmplifyTokensOptions {
  /** Which token is sent: `access` (default) or `id`. */
  readonly tokenUse?: TokenUse | undefined
  /** Names the session for other tabs. Two apps with two user pools on one origin need two names. Default `amplify`. */
  readonly name?: string | undefined
}

/**
 * The tokens of AWS Amplify v6 (Cognito user pools) as a token source. Only tokens: the identity pool
 * is never asked. `Amplify.configure` comes before the first request.
 *
 * What its refresh rejects with is a `TokenError`; the README's table maps each answer of
 * Cognito to a code. Without a user pool in Amplify's configuration it is `source-failed`.
 *
 * @example
 * ```ts
 * import { amplifyTokens } from '@unexpired/amplify'
 * import { createPolicy } from '@unexpired/core'
 *
 * export const policy = createPolicy({ source: amplifyTokens(), origins: ['https://api.example.com'] })
 * ```
 */
export const amplifyTokens = ({
  tokenUse = 'access',
  name = 'amplify',
}: AmplifyTokensOptions = {}): TokenSource<AmplifyToken> => {
  /** The access token that the store held when it was last looked at. */
  let seen: string | undefined
  /** The access token of a session that was signed out: a slow storage may show it for a while. */
  let signedOut: string | undefined
  /** The last request for which there is no answer yet. */
  let request: { readonly spent: string; readonly answer: Promise<CognitoTokens> } | undefined
  let failure: Error | undefined

  const ask = async (tokens: CognitoTokens): Promise<CognitoTokens> => {
    const metadata = cognitoUserPoolsTokenProvider.tokenOrchestrator.clientMetadataProvider
    const clientMetadata = metadata && (await metadata())
    const fresh = await refreshAuthTokensWithoutDedupe({
      tokens,
      authConfig: withUserPool(),
      username: tokens.username,
      ...(clientMetadata && { clientMetadata }),
    })
    return { ...tokens, ...fresh }
  }

  return {
    name,
    async read() {
      const tokens = await loadTokens()
      seen = tokens?.accessToken.toString()
      return tokens && seen !== signedOut ? amplifyToken(tokens, tokenUse) : undefined
    },
    // The signal is the policy's: Amplify's refresh takes none, and an answer that comes too late for
    // those who waited may hold the only refresh token that is left.
    async refresh({ previous }) {
      // A sign-in writes its access token before its refresh token; what was read between is not whole.
      const stored = await loadTokens()
      const held = previous?.cognito
      const tokens = stored && held && isSameAccess(stored, held) ? stored : held
      const spent = tokens?.refreshToken
      if (!spent) {
        throw previous && Date.now() + (previous.skewMs ?? 0) < previous.expiresAt
          ? new TokenError('unsupported', "There is no refresh token. Set responseType to 'code'.")
          : new TokenError('session-expired', 'The session is over. Show the sign-in page.')
      }
      const earlier = request?.spent === spent ? request.answer : undefined
      const answer = ask(tokens)
      const own = { spent, answer }
      request = own
      try {
        return amplifyToken(await answer, tokenUse)
      } catch (error) {
        failure = error as Error
        const explained = explain(error)
        // The token may have been spent by a request whose answer is still on its way.
        const came = explained.kind === 'signed-out' && (await earlier?.catch(() => {}))
        if (came) return amplifyToken(came, tokenUse)
        throw explained
      } finally {
        if (request === own) request = undefined
      }
    },
    async store({ cognito }, { signal }) {
      if (!(await writeTokens(cognito, signal))) return
      seen = cognito.accessToken.toString()
      await announce(cognito)
    },
    async clear({ cognito }) {
      if (await removeTokens(cognito)) {
        await announce(cognito, failure ?? new Error('The session has ended.'))
      }
    },
    subscribe: (onChange) =>
      listen((isSignOutHere) => {
        if (isSignOutHere) signedOut = seen
        onChange()
      }),
  }
}
