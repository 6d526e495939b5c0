import { decodeJwt } from 'jose'
import type { RequestBody } from '../wire.ts'
import type { OperationContext } from './context.ts'
import { parameter } from './parameters.ts'

/** Whom a request is about, for the log and for faults that are meant for one user. Decides nothing: it is not verified. */
export function callerOf(
  body: RequestBody,
  { families, users }: OperationContext,
): string | undefined {
  const typed =
    parameter(body, 'AuthParameters', 'USERNAME') ??
    parameter(body, 'ChallengeResponses', 'USERNAME')
  if (typed !== undefined) return users.find(typed)?.name ?? typed
  const refreshToken =
    body.RefreshToken ?? body.Token ?? parameter(body, 'AuthParameters', 'REFRESH_TOKEN')
  if (typeof refreshToken === 'string') return families.userOf(refreshToken)
  return typeof body.AccessToken === 'string' ? usernameIn(body.AccessToken) : undefined
}

function usernameIn(accessToken: string): string | undefined {
  try {
    const { username } = decodeJwt(accessToken)
    return typeof username === 'string' ? username : undefined
  } catch {
    return undefined
  }
}
