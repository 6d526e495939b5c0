import { CognitoError } from '../cognito-error.ts'
import type { RequestBody } from '../wire.ts'
import type { Operation, OperationContext } from './context.ts'
import { getUser } from './get-user.ts'
import { OPERATION_NAMES, type OperationName } from './names.ts'
import { getTokensFromRefreshToken } from './refresh.ts'
import { initiateAuth, respondToAuthChallenge } from './sign-in.ts'
import { globalSignOut, revokeToken } from './sign-out.ts'

const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  GetTokensFromRefreshToken: getTokensFromRefreshToken,
  GetUser: getUser,
  GlobalSignOut: globalSignOut,
  InitiateAuth: initiateAuth,
  RespondToAuthChallenge: respondToAuthChallenge,
  RevokeToken: revokeToken,
}

/** Carries an operation out by its name. Throws a CognitoError. */
export async function run(
  operation: string,
  body: RequestBody,
  context: OperationContext,
): Promise<object> {
  if (!Object.hasOwn(OPERATIONS, operation)) {
    const known = OPERATION_NAMES.join(', ')
    throw new CognitoError(
      'UnknownOperationException',
      `The emulator does not have ${operation}. It has ${known}.`,
    )
  }
  return await OPERATIONS[operation as OperationName](body, context)
}
