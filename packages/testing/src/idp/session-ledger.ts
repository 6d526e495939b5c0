import type { AccessToken } from '@unexpired/core'
import { signedJwt } from './signed-jwt.ts'

/** A token of the scripted identity provider: an access token and the refresh token that goes with it. */
export interface IdpToken extends AccessToken {
  /** What the next access token is bought with; opaque. */
  readonly refreshToken: string
  /** When it was issued by the identity provider's clock, epoch milliseconds. */
  readonly issuedAt: number
  /** Whose it is: the name of the user. */
  readonly identity: string
}

/** Why the identity provider refuses a refresh token; the codes of core's `TokenError`. */
export type Refusal = 'session-expired' | 'session-revoked' | 'token-reused'

/** How the identity provider treats its tokens. */
export interface LedgerRules {
  /** How long an access token lives, ms. Claims are whole seconds, as in real tokens, where this is a multiple of 1 000. */
  readonly lifetimeMs: number
  /** How long a session lives however often it is refreshed, ms. */
  readonly sessionMs: number
  /** Whether a refresh token can be spent once only, each refresh giving the next. */
  readonly rotation: boolean
  /** How long after it was spent a refresh token is still accepted, ms. */
  readonly graceMs: number
  /** What follows when a spent refresh token is seen again: the whole session ends, or that call alone is refused. */
  readonly reuse: 'revoke-family' | 'refuse'
  /** The key that access tokens are signed with (HS256). */
  readonly secret: string
}

/** What became of a refresh token that was presented. */
export interface Spending {
  readonly user: string | undefined
  /** Whether it had been spent before. */
  readonly again: boolean
  readonly outcome: IdpToken | Refusal
}

/** What an API knows about an access token. */
export interface AccessCheck {
  /** `unknown`: it was never issued. */
  readonly status: 'valid' | 'expired' | 'revoked' | 'unknown'
  /** Whose it is; `undefined` for an unknown one. */
  readonly user: string | undefined
}

interface Session {
  readonly user: string
  readonly endsAt: number
  ended: Refusal | undefined
}

/** The books of the identity provider: sessions, their refresh tokens, who has spent which. Asks no clock and waits for nothing. */
export interface SessionLedger {
  open(user: string, now: number): IdpToken
  spend(refreshToken: string, now: number): Spending
  /** Ends every session of this user, or of all. */
  end(user: string | undefined, why: Refusal): void
  endByRefreshToken(refreshToken: string): void
  check(accessToken: string, now: number): AccessCheck
  revokeAccess(accessToken: string | undefined): void
  readonly secrets: ReadonlySet<string>
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export const sessionLedger = (rules: LedgerRules, random: () => number): SessionLedger => {
  const byRefreshToken = new Map<
    string,
    { readonly session: Session; spentAt: number | undefined }
  >()
  const byAccessToken = new Map<string, { readonly user: string; readonly expiresAt: number }>()
  const revoked = new Set<string | undefined>()
  const sessions: Session[] = []
  const secrets = new Set<string>()
  const opaque = (length: number): string =>
    Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')

  const issue = (session: Session, now: number, kept?: string): IdpToken => {
    const issuedAt = rules.lifetimeMs % 1_000 === 0 ? Math.floor(now / 1_000) * 1_000 : now
    const expiresAt = issuedAt + rules.lifetimeMs
    const claims = {
      iss: 'scripted-idp',
      sub: session.user,
      iat: issuedAt / 1_000,
      exp: expiresAt / 1_000,
      jti: opaque(12),
    }
    const value = signedJwt(claims, rules.secret)
    const refreshToken = kept ?? opaque(64)
    byAccessToken.set(value, { user: session.user, expiresAt })
    if (!kept) byRefreshToken.set(refreshToken, { session, spentAt: undefined })
    secrets.add(value).add(refreshToken)
    return { value, expiresAt, issuedAt, identity: session.user, refreshToken }
  }

  return {
    secrets,
    open: (user, now) => {
      const session: Session = { user, endsAt: now + rules.sessionMs, ended: undefined }
      sessions.push(session)
      return issue(session, now)
    },
    spend: (refreshToken, now) => {
      const entry = byRefreshToken.get(refreshToken)
      if (!entry) return { user: undefined, again: false, outcome: 'session-revoked' }
      const { session, spentAt } = entry
      const again = spentAt !== undefined
      const answer = (outcome: Spending['outcome']): Spending => ({
        user: session.user,
        again,
        outcome,
      })
      if (session.ended) return answer(session.ended)
      if (now >= session.endsAt) return answer('session-expired')
      if (again && now - spentAt >= rules.graceMs) {
        if (rules.reuse === 'revoke-family') session.ended = 'session-revoked'
        return answer('token-reused')
      }
      if (rules.rotation) entry.spentAt ??= now
      return answer(issue(session, now, rules.rotation ? undefined : refreshToken))
    },
    end: (user, why) => {
      for (const session of sessions)
        if (user === undefined || session.user === user) session.ended ??= why
    },
    endByRefreshToken: (refreshToken) => {
      const entry = byRefreshToken.get(refreshToken)
      if (entry) entry.session.ended ??= 'session-revoked'
    },
    check: (accessToken, now) => {
      const known = byAccessToken.get(accessToken)
      if (!known) return { status: 'unknown', user: undefined }
      return {
        status: revoked.has(accessToken) ? 'revoked' : now < known.expiresAt ? 'valid' : 'expired',
        user: known.user,
      }
    },
    revokeAccess: (accessToken) => void revoked.add(accessToken),
  }
}
