import type { UserPool } from '../src/index.ts'
import type { SrpChallenge } from './srp-client.ts'

/** What comes back over the wire. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The text as JSON; empty where it is none. A test looks at the members that it expects. */
  readonly body: AnswerBody
}

interface AnswerBody {
  readonly AuthenticationResult: Result
  readonly ChallengeName: string
  readonly ChallengeParameters: SrpChallenge
  readonly Username: string
  readonly UserAttributes: readonly { readonly Name: string; readonly Value: string }[]
  readonly __type: string
  readonly message: string
}

export interface Result {
  readonly AccessToken: string
  readonly IdToken: string
  readonly RefreshToken: string
  readonly ExpiresIn: number
  readonly TokenType: string
}

/** Calls an operation with plain fetch, to see on the wire what clients hide. */
export async function call(
  pool: UserPool,
  operation: string,
  body: unknown,
  init: RequestInit = {},
): Promise<Answer> {
  const response = await fetch(pool.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  const { status, headers } = response
  return { status, headers, text, body: (isJson ? JSON.parse(text) : {}) as AnswerBody }
}

/** Signs in by password and gives the tokens. */
export async function signIn(
  pool: UserPool,
  username = 'alice',
  password = 'secret',
): Promise<Result> {
  const answer = await initiateAuth(pool, 'USER_PASSWORD_AUTH', {
    USERNAME: username,
    PASSWORD: password,
  })
  if (answer.status !== 200) throw new Error(`Sign-in failed: ${answer.text}`)
  return answer.body.AuthenticationResult
}

export function initiateAuth(
  pool: UserPool,
  AuthFlow: string,
  AuthParameters: Record<string, string>,
): Promise<Answer> {
  return call(pool, 'InitiateAuth', { ClientId: pool.clientId, AuthFlow, AuthParameters })
}

export function refresh(
  pool: UserPool,
  RefreshToken: string,
  init: RequestInit = {},
): Promise<Answer> {
  return call(pool, 'GetTokensFromRefreshToken', { ClientId: pool.clientId, RefreshToken }, init)
}

/** Refreshes and gives the next refresh token, of a pool with rotation. */
export async function rotate(pool: UserPool, refreshToken: string): Promise<string> {
  const answer = await refresh(pool, refreshToken)
  if (answer.status !== 200) throw new Error(`Refresh failed: ${answer.text}`)
  return answer.body.AuthenticationResult.RefreshToken
}
