import { randomUUID } from 'node:crypto'
import { errors, jwtVerify, SignJWT, type JWK } from 'jose'
import { notAuthorized } from './cognito-error.ts'
import type { Session } from './families.ts'
import type { Settings } from './settings.ts'
import type { KeyPairs, SigningKey } from './signing-keys.ts'
import type { User } from './users.ts'

/** The part of AuthenticationResult that every flow gives. */
export interface IssuedTokens {
  readonly AccessToken: string
  readonly IdToken: string
  readonly ExpiresIn: number
  readonly TokenType: 'Bearer'
}

export interface Tokens {
  issue(user: User, session: Session): Promise<IssuedTokens>
  /** Checks an access token as Cognito's own operations do, but for revocation. Throws NotAuthorizedException. */
  verifyAccessToken(
    token: string,
  ): Promise<{ readonly username: string; readonly sessionId: string }>
  readonly jwks: { readonly keys: readonly JWK[] }
}

export interface TokenContext {
  readonly keys: KeyPairs
  readonly issuer: string
  readonly clientId: string
  readonly now: () => number
  readonly settings: () => Settings
}

export function createTokens({ keys, issuer, clientId, now, settings }: TokenContext): Tokens {
  const sign = (
    key: SigningKey,
    claims: Record<string, unknown>,
    issuedAt: number,
    seconds: number,
  ): Promise<string> =>
    new SignJWT({
      ...claims,
      iss: issuer,
      iat: issuedAt,
      exp: issuedAt + seconds,
      jti: randomUUID(),
    })
      .setProtectedHeader({ kid: key.kid, alg: 'RS256' })
      .sign(key.privateKey)

  return {
    async issue(user, session) {
      const { accessTokenSeconds, idTokenSeconds } = settings()
      const issuedAt = Math.floor(now() / 1000)
      const shared = {
        sub: user.sub,
        ...(user.groups.length > 0 ? { 'cognito:groups': user.groups } : {}),
        origin_jti: session.id,
        event_id: session.eventId,
        auth_time: Math.floor(session.startedAt / 1000),
      }
      const accessClaims = {
        ...shared,
        client_id: clientId,
        token_use: 'access',
        scope: 'aws.cognito.signin.user.admin',
        username: user.name,
      }
      const idClaims = {
        ...user.attributes,
        ...shared,
        aud: clientId,
        token_use: 'id',
        email: user.email,
        email_verified: true,
        'cognito:username': user.name,
      }
      const [AccessToken, IdToken] = await Promise.all([
        sign(keys.access, accessClaims, issuedAt, accessTokenSeconds),
        sign(keys.id, idClaims, issuedAt, idTokenSeconds),
      ])
      return { AccessToken, IdToken, ExpiresIn: accessTokenSeconds, TokenType: 'Bearer' }
    },

    async verifyAccessToken(token) {
      try {
        const { payload } = await jwtVerify(token, keys.access.publicKey, {
          issuer,
          currentDate: new Date(now()),
        })
        return { username: payload.username as string, sessionId: payload.origin_jti as string }
      } catch (error) {
        throw notAuthorized(
          error instanceof errors.JWTExpired ? 'Access Token has expired' : 'Invalid Access Token',
        )
      }
    },

    jwks: { keys: [keys.id.jwk, keys.access.jwk] },
  }
}
