import { invalidParameter, notAuthorized, userNotFound } from '../cognito-error.ts'
import type { User } from '../users.ts'
import type { RequestBody } from '../wire.ts'
import type { Operation, OperationContext } from './context.ts'
import { checkClient, member, requiredParameter } from './parameters.ts'
import { refresh } from './refresh.ts'

export const initiateAuth: Operation = async (body, context) => {
  checkClient(body, context.clientId)
  const flow = member(body, 'AuthFlow')
  switch (flow) {
    case 'USER_PASSWORD_AUTH':
      return signInWithPassword(body, context)
    case 'USER_SRP_AUTH':
      return openChallenge(body, context)
    case 'REFRESH_TOKEN_AUTH':
    case 'REFRESH_TOKEN':
      if (context.settings().rotation !== undefined) throw notEnabled(flow)
      return signedIn(
        await refresh(requiredParameter(body, 'AuthParameters', 'REFRESH_TOKEN'), context),
      )
    default:
      throw notEnabled(flow)
  }
}

export const respondToAuthChallenge: Operation = (body, context) => {
  checkClient(body, context.clientId)
  const challenge = member(body, 'ChallengeName')
  if (challenge !== 'PASSWORD_VERIFIER') throw notAuthorized('Invalid session for the user.')
  const response = (name: string): string => requiredParameter(body, 'ChallengeResponses', name)
  const user = context.challenges.answer({
    username: response('USERNAME'),
    secretBlock: response('PASSWORD_CLAIM_SECRET_BLOCK'),
    signature: response('PASSWORD_CLAIM_SIGNATURE'),
    timestamp: response('TIMESTAMP'),
  })
  return startSession(user, context)
}

function signInWithPassword(body: RequestBody, context: OperationContext): Promise<object> {
  const user = findUser(requiredParameter(body, 'AuthParameters', 'USERNAME'), context)
  const password = requiredParameter(body, 'AuthParameters', 'PASSWORD')
  if (user === undefined || !context.users.hasPassword(user, password)) {
    throw notAuthorized('Incorrect username or password.')
  }
  return startSession(user, context)
}

function openChallenge(body: RequestBody, context: OperationContext): object {
  const name = requiredParameter(body, 'AuthParameters', 'USERNAME')
  const srpA = requiredParameter(body, 'AuthParameters', 'SRP_A')
  const ChallengeParameters = context.challenges.open(name, findUser(name, context), srpA)
  return { ChallengeName: 'PASSWORD_VERIFIER', ChallengeParameters }
}

function findUser(name: string, { users, settings }: OperationContext): User | undefined {
  const user = users.find(name)
  if (user === undefined && !settings().preventUserExistenceErrors) throw userNotFound()
  return user
}

async function startSession(user: User, { families, tokens }: OperationContext): Promise<object> {
  const { session, refreshToken } = families.start(user.name)
  const issued = await tokens.issue(user, session)
  return signedIn({ ...issued, RefreshToken: refreshToken })
}

function signedIn(AuthenticationResult: object): object {
  return { AuthenticationResult, ChallengeParameters: {} }
}

function notEnabled(flow: string): Error {
  return invalidParameter(`${flow} flow not enabled for this client`)
}
