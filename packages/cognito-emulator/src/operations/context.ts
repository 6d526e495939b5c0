import type { Families } from '../families.ts'
import type { PasswordChallenges } from '../password-challenges.ts'
import type { Settings } from '../settings.ts'
import type { Tokens } from '../tokens.ts'
import type { Users } from '../users.ts'
import type { RequestBody } from '../wire.ts'

/** All that the operations stand on. */
export interface OperationContext {
  readonly clientId: string
  readonly settings: () => Settings
  readonly users: Users
  readonly challenges: PasswordChallenges
  readonly families: Families
  readonly tokens: Tokens
}

/** Carries one operation out and gives the body of the answer. Throws a CognitoError. */
export type Operation = (body: RequestBody, context: OperationContext) => object | Promise<object>
