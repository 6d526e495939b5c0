/** What a session holds, as an identity provider gives it. */
export interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
  /** Epoch milliseconds, both. */
  readonly issuedAt: number
  readonly expiresAt: number
}

/** What the provider and the API saw. */
export interface Counts {
  /** Refreshes that were asked for. */
  refreshes: number
  /** Refresh tokens that were handed in a second time. */
  reuses: number
  /** Requests that the API answered, and those of them that it refused. */
  requests: number
  refusals: number
}

/** How both behave; may be changed while they run. */
export interface Conduct {
  lifetimeMs: number
  refreshLatencyMs: number
  apiLatencyMs: number
  /** `true`: every refresh ends in a 503. */
  isDown: boolean
  /** `true`: answers of the API wait until this is `false` again. */
  isHolding: boolean
}

export interface Asked {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly body: string
}

export interface Answered {
  readonly status: number
  readonly body: string
  readonly latencyMs: number
}

const json = (value: unknown): string => JSON.stringify(value)
const encoded = (value: unknown): string => Buffer.from(json(value)).toString('base64url')

/**
 * An identity provider with strict rotation (a refresh token is good once, RFC 9700, 4.14.2) and an API
 * that trusts it, as one pure machine: the loopback server and the virtual world both stand on it.
 */
export const createProvider = (now: () => number) => {
  const conduct: Conduct = {
    lifetimeMs: 3_600_000,
    refreshLatencyMs: 50,
    apiLatencyMs: 0,
    isDown: false,
    isHolding: false,
  }
  const counts: Counts = { refreshes: 0, reuses: 0, requests: 0, refusals: 0 }
  const revoked = new Set<string>()
  let serial = 0
  let current = ''

  const issue = (ageMs = 0): Tokens => {
    const issuedAt = Math.floor((now() - ageMs) / 1000) * 1000
    const expiresAt = issuedAt + conduct.lifetimeMs
    const claims = { sub: 'alice', jti: ++serial, iat: issuedAt / 1000, exp: expiresAt / 1000 }
    current = `refresh-${serial}`
    const accessToken = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}.c2lnbmF0dXJl`
    return { accessToken, refreshToken: current, issuedAt, expiresAt }
  }

  const isGood = (authorization: string | undefined): boolean => {
    const token = authorization?.replace(/^Bearer /, '') ?? ''
    const claims = token.split('.')[1]
    if (!claims || revoked.has(token)) return false
    return (
      (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number }).exp * 1000 >
      now()
    )
  }

  const refresh = (body: string): Answered => {
    const { refreshLatencyMs: latencyMs } = conduct
    counts.refreshes++
    if (conduct.isDown) return { status: 503, body: json({ error: 'server_error' }), latencyMs }
    const spent = new URLSearchParams(body).get('refresh_token')
    if (spent !== current) {
      counts.reuses++
      return { status: 400, body: json({ error: 'invalid_grant' }), latencyMs }
    }
    const { accessToken, refreshToken } = issue()
    const expiresIn = conduct.lifetimeMs / 1000
    const answer = {
      access_token: accessToken,
      refresh_token: refreshToken,
      token_type: 'Bearer',
      expires_in: expiresIn,
    }
    return { status: 200, body: json(answer), latencyMs }
  }

  return {
    conduct,
    counts,
    issue,
    /** From now on the API refuses this token, though it has not expired. */
    revoke: (accessToken: string): void => void revoked.add(accessToken),
    answer({ path, authorization, body }: Asked): Answered {
      if (path === '/token') return refresh(body)
      counts.requests++
      const { apiLatencyMs: latencyMs } = conduct
      if (!isGood(authorization)) {
        counts.refusals++
        return { status: 401, body: json({ error: 'invalid_token' }), latencyMs }
      }
      return {
        status: 200,
        body: path === '/graphql' ? '{"data":{"ok":true}}' : '{"ok":true}',
        latencyMs,
      }
    },
  }
}

export type Provider = ReturnType<typeof createProvider>
