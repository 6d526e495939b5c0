import { userNotFound } from '../cognito-error.ts'
import type { User } from '../users.ts'
import type { Operation, OperationContext } from './context.ts'
import { checkClient, member } from './parameters.ts'

/** The way to refresh since 2025, and the only one with rotation. Current Amplify uses no other. */
export const getTokensFromRefreshToken: Operation = async (body, context) => {
  checkClient(body, context.clientId)
  return { AuthenticationResult: await refresh(member(body, 'RefreshToken'), context) }
}

/** Spends a refresh token. There is a RefreshToken in the result only where refresh tokens rotate. */
export async function refresh(
  token: string,
  { families, tokens, users }: OperationContext,
): Promise<object> {
  const name = families.userOf(token)
  if (name !== undefined && users.get(name) === undefined) throw userNotFound()
  const { session, refreshToken } = families.spend(token)
  const user = users.get(session.user) as User
  const issued = await tokens.issue(user, session)
  return refreshToken === undefined ? issued : { ...issued, RefreshToken: refreshToken }
}
