import { randomBytes, randomUUID } from 'node:crypto'
import { CognitoError, notAuthorized } from './cognito-error.ts'
import type { Settings } from './settings.ts'

/** One refresh token of a family, without its value. */
export interface RefreshTokenUse {
  /** How many times it was accepted. Above 1 only without rotation, or within the grace period. */
  readonly spent: number
  /** How many times it was refused as reuse. */
  readonly reused: number
}

/** All refresh tokens that go back to one sign-in. */
export interface RefreshTokenFamily {
  /** The `origin_jti` claim of every token of the session. */
  readonly id: string
  /** The name of the user. */
  readonly user: string
  /** Epoch ms by the server's clock. */
  readonly startedAt: number
  /** Epoch ms by the server's clock: rotation does not prolong a session. */
  readonly expiresAt: number
  /** How many times the session was refreshed. */
  readonly refreshes: number
  /** How many times a refresh was refused as reuse. */
  readonly reuses: number
  /** In the order in which they were given out; without rotation there is exactly one. */
  readonly tokens: readonly RefreshTokenUse[]
  /** What ended the session; absent while it lives. */
  readonly revokedBy?: RevokedBy
}

/** What ended a session: the operation `RevokeToken` or `GlobalSignOut`, reuse, or a call of `pool.revokeSessions` or `pool.removeUser`. */
export type RevokedBy = 'RevokeToken' | 'GlobalSignOut' | 'reuse' | 'revokeSessions' | 'removeUser'

/** The session that tokens are made for. */
export interface Session {
  readonly id: string
  readonly user: string
  readonly eventId: string
  readonly startedAt: number
}

export interface Families {
  /** Begins a session and gives its first refresh token. */
  start(user: string): { readonly session: Session; readonly refreshToken: string }
  /** Spends a refresh token; `refreshToken` is the next one, with rotation. Throws the CognitoError that Cognito would answer. */
  spend(refreshToken: string): {
    readonly session: Session
    readonly refreshToken: string | undefined
  }
  /** Ends the session of a refresh token; false where nobody knows the token. */
  revokeByToken(refreshToken: string, by: RevokedBy): boolean
  /** Ends every living session of a user and gives their number. */
  revokeByUser(user: string, by: RevokedBy): number
  isRevoked(id: string): boolean
  /** The user of a refresh token, spent or not. */
  userOf(refreshToken: string): string | undefined
  list(user?: string): RefreshTokenFamily[]
}

interface Token {
  readonly family: Family
  spent: number
  reused: number
  firstSpentAt: number | undefined
}

interface Family extends Session {
  readonly expiresAt: number
  readonly tokens: Token[]
  revokedBy: RevokedBy | undefined
}

export function createFamilies(now: () => number, settings: () => Settings): Families {
  const families = new Map<string, Family>()
  const tokens = new Map<string, Token>()

  function issue(family: Family): string {
    const value = randomBytes(48).toString('base64url')
    const token: Token = { family, spent: 0, reused: 0, firstSpentAt: undefined }
    family.tokens.push(token)
    tokens.set(value, token)
    return value
  }

  function refuseReuse(token: Token, revokeFamily: boolean): never {
    token.reused += 1
    if (revokeFamily) token.family.revokedBy = 'reuse'
    throw new CognitoError(
      'RefreshTokenReuseException',
      'Refresh token has been invalidated by rotation.',
    )
  }

  return {
    start(user) {
      const startedAt = now()
      const expiresAt = startedAt + settings().refreshTokenSeconds * 1000
      const ids = { id: randomUUID(), eventId: randomUUID() }
      const family: Family = {
        ...ids,
        user,
        startedAt,
        expiresAt,
        tokens: [],
        revokedBy: undefined,
      }
      families.set(family.id, family)
      return { session: family, refreshToken: issue(family) }
    },

    spend(refreshToken) {
      const token = tokens.get(refreshToken)
      if (token === undefined) throw notAuthorized('Invalid Refresh Token')
      const { family } = token
      if (family.revokedBy !== undefined) throw notAuthorized('Refresh Token has been revoked')
      if (now() >= family.expiresAt) throw notAuthorized('Refresh Token has expired')
      const { rotation } = settings()
      if (rotation !== undefined && token.firstSpentAt !== undefined) {
        const graceEndsAt = token.firstSpentAt + rotation.graceSeconds * 1000
        if (now() >= graceEndsAt) refuseReuse(token, rotation.revokeFamilyOnReuse)
      }
      token.spent += 1
      if (rotation === undefined) return { session: family, refreshToken: undefined }
      token.firstSpentAt ??= now()
      return { session: family, refreshToken: issue(family) }
    },

    revokeByToken(refreshToken, by) {
      const family = tokens.get(refreshToken)?.family
      if (family === undefined) return false
      family.revokedBy ??= by
      return true
    },

    revokeByUser(user, by) {
      const living = [...families.values()].filter(
        (family) => family.user === user && family.revokedBy === undefined,
      )
      for (const family of living) family.revokedBy = by
      return living.length
    },

    isRevoked: (id) => families.get(id)?.revokedBy !== undefined,
    userOf: (refreshToken) => tokens.get(refreshToken)?.family.user,
    list: (user) =>
      [...families.values()]
        .filter((family) => user === undefined || family.user === user)
        .map(report),
  }
}

function report(family: Family): RefreshTokenFamily {
  const { id, user, startedAt, expiresAt, revokedBy } = family
  const tokens = family.tokens.map(({ spent, reused }) => ({ spent, reused }))
  const refreshes = tokens.reduce((sum, token) => sum + token.spent, 0)
  const reuses = tokens.reduce((sum, token) => sum + token.reused, 0)
  return {
    id,
    user,
    startedAt,
    expiresAt,
    refreshes,
    reuses,
    tokens,
    ...(revokedBy === undefined ? {} : { revokedBy }),
  }
}
