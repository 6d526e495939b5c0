import { TokenError, type TokenErrorCode } from '@unexpired/core'

type Outcome = readonly [RegExp, TokenErrorCode, string]

const signIn = 'Show the sign-in page.'

/**
 * What a failed refresh means, by the error's name and message: the first that fits. By name and not
 * by class, because Amplify builds its errors from what Cognito answers.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html
 */
const outcomes: readonly Outcome[] = [
  [
    /^NotAuth.* secret/i,
    'wrong-client',
    'The app client wants a secret. Use an app client without one.',
  ],
  [
    /^NotAuth.* disabled|^User(NotFound|NotConfirmed)|^PasswordReset/,
    'account-blocked',
    `The account is gone, disabled, unconfirmed, or must reset its password. ${signIn}`,
  ],
  [
    /^RefreshTokenReuse/,
    'token-reused',
    `A refresh token was spent twice, and Cognito ended the session. ${signIn}`,
  ],
  [
    /^TokenRevoked|^NotAuth.* revoked/,
    'session-revoked',
    `The session was ended from elsewhere. ${signIn}`,
  ],
  [/^NotAuth/, 'session-expired', `Cognito no longer accepts the refresh token. ${signIn}`],
  [/^UserUnAuth/, 'signed-out', `Nobody is signed in. ${signIn}`],
  [
    // A firewall's refusal comes and goes with its rate rules far more often than it is meant for good.
    /^TooMany|Throttl|^(Request)?LimitExceeded|^Forbidden| HTTP 429$/,
    'throttled',
    'Cognito or its firewall refused for now. Try again later, or look at quotas and at the web ACL.',
  ],
  [
    /^ResourceNotFound|^Invalid(Parameter|UserPool)|Invalid URL/,
    'wrong-client',
    'Cognito does not know this client or pool. Check userPoolId, userPoolClientId and userPoolEndpoint.',
  ],
  [
    /^Unsupported|^(Unknown|Invalid)(Operation|Action)/,
    'unsupported',
    'The endpoint does not know GetTokensFromRefreshToken. Check userPoolEndpoint, or use a newer emulator.',
  ],
  [
    /^Internal|^ServiceUnav|Lambda| HTTP 5\d\d$/,
    'server-error',
    'Cognito failed. Try again later.',
  ],
  [
    // What a platform's fetch never says: a mistake in code, or a body that somebody has read before.
    /^NetworkError.*(undefined|null|not a )|^TypeError.*(headers|already|disturbed)|^ReferenceError/,
    'fetch-replaced',
    'A replaced global fetch broke the refresh. Find who replaces it, and let it return the untouched Response.',
  ],
  [
    /^NetworkError/,
    'offline',
    'The user pool could not be reached. Check the network; if it is up, diagnose() tells a wrong endpoint from CORS.',
  ],
  [
    /^(Syntax|Type)Error|^iatNot|^Error: Invalid token/,
    'bad-answer',
    'The answer to the refresh was no answer of Cognito. Try again later, or look for a proxy.',
  ],
]

const unknown: Outcome = [
  /^/,
  'refresh-failed',
  'The refresh failed for an unknown reason. Try again later; the cause says more.',
]

/** What Amplify's errors may carry. */
interface AmplifyFailure {
  readonly name?: string
  readonly message?: string
  readonly underlyingError?: { readonly message?: string }
  readonly metadata?: { readonly httpStatusCode?: number }
}

/** Says in the words of the taxonomy why a refresh failed. */
export const explain = (cause: unknown): TokenError => {
  const { name, message, underlyingError, metadata } = (cause ?? {}) as AmplifyFailure
  const text = `${name}: ${message} ${underlyingError?.message ?? ''} HTTP ${metadata?.httpStatusCode ?? ''}`
  const [, code, words] = outcomes.find(([pattern]) => pattern.test(text)) ?? unknown
  return new TokenError(code, words, { cause })
}
