import { notAuthorized, userNotFound } from '../cognito-error.ts'
import type { User } from '../users.ts'
import type { RequestBody } from '../wire.ts'
import type { OperationContext } from './context.ts'
import { member } from './parameters.ts'

/** The user whose access token is in the request, if it is valid and its session has not been ended. */
export async function authorizedUser(
  body: RequestBody,
  { tokens, families, users }: OperationContext,
): Promise<User> {
  const { username, sessionId } = await tokens.verifyAccessToken(member(body, 'AccessToken'))
  const user = users.get(username)
  if (user === undefined) throw userNotFound()
  if (families.isRevoked(sessionId)) throw notAuthorized('Access Token has been revoked')
  return user
}
