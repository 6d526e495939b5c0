import { TokenError, type TokenErrorCode } from '@unexpired/core'

type Outcome = readonly [RegExp, TokenErrorCode, string]

const signIn = 'Show the sign-in page.'
const later = 'Try again later'

const unknown: Outcome = [
  /^/,
  'refresh-failed',
  `The refresh failed. ${later}; the cause says more.`,
]

/**
 * What a failed refresh means, by the error's name and message: the first that fits. By name and not
 * by class, because Amplify builds its errors from what Cognito answers.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html
 */
const outcomes: readonly Outcome[] = [
  [/^NotAuth.* secret/i, 'wrong-client', 'The app client wants a secret. Use one without.'],
  [
    /^NotAuth.* disabled|^User(NotFound|NotConfirmed)|^PasswordReset/,
    'account-blocked',
    `The account is gone, blocked or unconfirmed. ${signIn}`,
  ],
  [/^RefreshTokenReuse/, 'token-reused', `The refresh token was spent twice. ${signIn}`],
  [
    /^TokenRevoked|^NotAuth.* revoked/,
    'session-revoked',
    `The session was ended elsewhere. ${signIn}`,
  ],
  [/^NotAuth/, 'session-expired', `The refresh token is no longer accepted. ${signIn}`],
  [
    // A firewall's refusal comes and goes with its rate rules far more often than it is meant for good.
    /^TooMany|Throttl|^(Request)?LimitExceeded|^Forbidden| HTTP 429$/,
    'throttled',
    `Cognito or its firewall wants a pause. ${later}.`,
  ],
  [
    /^ResourceNotFound|^Invalid(Parameter|UserPool)|Invalid URL/,
    'wrong-client',
    'Cognito does not know this client. Run diagnose().',
  ],
  [
    // The emulators that know only the older way of refreshing say so with a status of 500.
    /^Unsupported|^(Unknown|Invalid)(Operation|Action)/,
    'unsupported',
    'The endpoint knows no GetTokensFromRefreshToken. Use another one.',
  ],
  [/Lambda| HTTP 5\d\d$/, 'server-error', `Cognito failed. ${later}.`],
  [
    // What no platform's fetch says: a mistake in code, or a body that somebody has read before.
    /^NetworkError.*(undefined|null|not a )|^TypeError.*(headers|already|disturbed)|^ReferenceError/,
    'fetch-replaced',
    'A replaced global fetch broke the refresh. Let it return the untouched Response.',
  ],
  [
    /^NetworkError/,
    'offline',
    'Cognito could not be reached. Check the network, then run diagnose().',
  ],
  [
    /^(Syntax|Type)Error|^iatNot|^Error: Invalid token/,
    'bad-answer',
    `The answer was not one of Cognito. ${later}, or look for a proxy.`,
  ],
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
