/** An operation that the emulator has; all are POSTed to the endpoint. */
export type OperationName =
  | 'GetTokensFromRefreshToken'
  | 'GetUser'
  | 'GlobalSignOut'
  | 'InitiateAuth'
  | 'RespondToAuthChallenge'
  | 'RevokeToken'

/** A document that it serves to GET: the keys of the pool, or its OpenID configuration. */
export type DocumentName = 'jwks' | 'openid-configuration'

export const OPERATION_NAMES: readonly OperationName[] = [
  'GetTokensFromRefreshToken',
  'GetUser',
  'GlobalSignOut',
  'InitiateAuth',
  'RespondToAuthChallenge',
  'RevokeToken',
]

export const DOCUMENT_NAMES: readonly DocumentName[] = ['jwks', 'openid-configuration']

export function isDocument(name: string): boolean {
  return (DOCUMENT_NAMES as readonly string[]).includes(name)
}
