import { CognitoError } from '../cognito-error.ts'
import { authorizedUser } from './authorized-user.ts'
import type { Operation } from './context.ts'
import { checkClient, member } from './parameters.ts'

/** A token that nobody knows is no error: it is as revoked as can be (RFC 7009, section 2.2). */
export const revokeToken: Operation = (body, { clientId, families }) => {
  checkClient(body, clientId)
  const token = member(body, 'Token')
  if (isJwt(token))
    throw new CognitoError('UnsupportedTokenTypeException', 'Unsupported token type')
  families.revokeByToken(token, 'RevokeToken')
  return {}
}

export const globalSignOut: Operation = async (body, context) => {
  const user = await authorizedUser(body, context)
  context.families.revokeByUser(user.name, 'GlobalSignOut')
  return {}
}

/** Access and id tokens cannot be revoked by themselves, and refresh tokens here have no dots. */
function isJwt(token: string): boolean {
  return token.split('.').length === 3
}
