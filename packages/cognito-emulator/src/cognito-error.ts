/**
 * An error in the shape that Cognito answers with: a name that clients branch on, a message, an HTTP status.
 * Thrown inside the emulator by the operations and turned into an answer at the edge.
 */
export class CognitoError extends Error {
  readonly status: number

  constructor(name: string, message: string, status: number = statusOf(name)) {
    super(message)
    this.name = name
    this.status = status
  }
}

/**
 * The names of the errors that Cognito's sign-in and token operations give. Any other string is allowed where a name
 * is asked for; these are here so that an editor can offer them.
 *
 * Source: the Errors sections of InitiateAuth, RespondToAuthChallenge, GetTokensFromRefreshToken, RevokeToken,
 * GlobalSignOut and GetUser in the Amazon Cognito user pools API reference, and its Common Errors.
 */
export type CognitoErrorName =
  | 'ForbiddenException'
  | 'InternalErrorException'
  | 'InvalidLambdaResponseException'
  | 'InvalidParameterException'
  | 'InvalidUserPoolConfigurationException'
  | 'LimitExceededException'
  | 'NotAuthorizedException'
  | 'PasswordResetRequiredException'
  | 'RefreshTokenReuseException'
  | 'ResourceNotFoundException'
  | 'ServiceUnavailable'
  | 'ThrottlingException'
  | 'TooManyRequestsException'
  | 'UnauthorizedException'
  | 'UnexpectedLambdaException'
  | 'UnsupportedOperationException'
  | 'UnsupportedTokenTypeException'
  | 'UserLambdaValidationException'
  | 'UserNotConfirmedException'
  | 'UserNotFoundException'
  | (string & {})

const SERVER_FAULTS: Readonly<Record<string, number>> = {
  InternalErrorException: 500,
  InternalFailure: 500,
  ServiceUnavailable: 503,
}

/** Cognito answers its own faults with 5xx and everything else, throttling included, with 400. */
function statusOf(name: string): number {
  return SERVER_FAULTS[name] ?? 400
}

export function notAuthorized(message: string): CognitoError {
  return new CognitoError('NotAuthorizedException', message)
}

export function invalidParameter(message: string): CognitoError {
  return new CognitoError('InvalidParameterException', message)
}

export function userNotFound(): CognitoError {
  return new CognitoError('UserNotFoundException', 'User does not exist.')
}
