import { CognitoError, invalidParameter } from '../cognito-error.ts'
import type { RequestBody } from '../wire.ts'

/** A member of the request that must be there. */
export function member(body: RequestBody, name: string): string {
  const value = body[name]
  if (typeof value === 'string' && value !== '') return value
  const path = `${name.charAt(0).toLowerCase()}${name.slice(1)}`
  throw invalidParameter(
    `1 validation error detected: Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  )
}

/** One of the AuthParameters or ChallengeResponses; undefined where it is not given. */
export function parameter(
  body: RequestBody,
  map: 'AuthParameters' | 'ChallengeResponses',
  name: string,
): string | undefined {
  const parameters = body[map]
  if (typeof parameters !== 'object' || parameters === null) return undefined
  const value = (parameters as Readonly<Record<string, unknown>>)[name]
  return typeof value === 'string' ? value : undefined
}

export function requiredParameter(
  body: RequestBody,
  map: 'AuthParameters' | 'ChallengeResponses',
  name: string,
): string {
  const value = parameter(body, map, name)
  if (value === undefined) throw invalidParameter(`Missing required parameter ${name}`)
  return value
}

/** Refuses a request that is meant for another app client. */
export function checkClient(body: RequestBody, clientId: string): void {
  const given = member(body, 'ClientId')
  if (given !== clientId)
    throw new CognitoError('ResourceNotFoundException', `User pool client ${given} does not exist.`)
}
