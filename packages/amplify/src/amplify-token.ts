import { TokenError, type AccessToken } from '@unexpired/core'
import type { refreshAuthTokensWithoutDedupe } from 'aws-amplify/auth/cognito'

/** The tokens of a session as Amplify keeps them: access, id and refresh token, user name, clock drift, device. */
export type CognitoTokens = Awaited<ReturnType<typeof refreshAuthTokensWithoutDedupe>>

/** Which token is sent, by the claim of that name: what Cognito calls `token_use`. */
export type TokenUse = 'access' | 'id'

/** A token of Amplify. Printing or serialising it shows neither its value nor the tokens beside it. */
export interface AmplifyToken extends AccessToken {
  /** What Amplify keeps beside it; for the source alone. */
  readonly cognito: CognitoTokens
}

/**
 * Amplify's drift is `iat`, which is cut to a second, less its clock at receipt. So a right clock
 * shows a small negative one, and to believe that would keep a token beyond its end.
 */
const skewOf = (drift: number): number | undefined => {
  // A store written by something else may hold no number.
  if (!Number.isFinite(drift)) return undefined
  return drift < -2000 ? drift + 1000 : Math.max(0, drift)
}

/**
 * The token to send, out of a set. It ends when the first of the set does, as Amplify counts it: the
 * id token may be set to a shorter life than the access token, and Amplify's own calls need both.
 *
 * @throws {@link TokenError} `bad-token` when the set has no token of that use
 */
export const amplifyToken = (cognito: CognitoTokens, use: TokenUse): AmplifyToken => {
  const { accessToken, idToken, clockDrift } = cognito
  const sent = use === 'id' ? idToken : accessToken
  if (!sent)
    throw new TokenError(
      'bad-token',
      'Amplify holds no id token. Add the scope openid, or send the access token.',
    )
  const { iat, sub } = sent.payload
  // A token without an end gives NaN, which the policy refuses.
  const ends = [accessToken, idToken ?? accessToken].map((jwt) => Number(jwt.payload.exp))
  const token = {
    expiresAt: Math.min(...ends) * 1000,
    issuedAt: iat && iat * 1000,
    identity: sub,
    skewMs: skewOf(clockDrift),
  }
  return Object.defineProperties(token, {
    value: { value: String(sent) },
    cognito: { value: cognito },
  }) as unknown as AmplifyToken
}
