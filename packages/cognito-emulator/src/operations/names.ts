/** The operations that the emulator has; all are POSTed to the endpoint. */
export const OPERATION_NAMES = [
  'GetTokensFromRefreshToken',
  'GetUser',
  'GlobalSignOut',
  'InitiateAuth',
  'RespondToAuthChallenge',
  'RevokeToken',
] as const

/** The documents that it serves to GET. */
export const DOCUMENT_NAMES = ['jwks', 'openid-configuration'] as const

/** An operation of the user pool. */
export type OperationName = (typeof OPERATION_NAMES)[number]

/** A document of the user pool: its keys, or its OpenID configuration. */
export type DocumentName = (typeof DOCUMENT_NAMES)[number]

export function isDocument(name: string): boolean {
  return (DOCUMENT_NAMES as readonly string[]).includes(name)
}
