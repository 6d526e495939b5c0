import { createUserPool, type UserPool, type UserPoolOptions } from '@unexpired/cognito-emulator'
import { afterEach, beforeEach, vi } from 'vitest'
import {
  createServerAuth,
  type CookieOptions,
  type CookieStore,
  type NextContext,
  type ProxyRequest,
  type ServerAuth,
  type ServerAuthOptions,
} from '../src/next/index.ts'

const prefix = 'CognitoIdentityServiceProvider'
const password = 'Passw0rd!'

const closing: (() => unknown)[] = []

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true, advanceTimeDelta: 5 })
})

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  vi.useRealTimers()
})

/** Moves the one clock of browsers and servers. */
export const pass = (ms: number): unknown => vi.setSystemTime(Date.now() + ms)

export const startPool = async (options: UserPoolOptions = {}): Promise<UserPool> => {
  const pool = await createUserPool({ users: { alice: password }, rotation: true, ...options })
  closing.push(() => pool.close())
  return pool
}

export const makeAuth = (pool: UserPool, options: Partial<ServerAuthOptions> = {}): ServerAuth =>
  createServerAuth({ config: pool.amplifyConfig, origins: ['https://api.example.com'], ...options })

/** How often Cognito was asked for a refresh, and what became of it. */
export const refreshes = (pool: UserPool): string[] =>
  pool.log
    .filter(({ operation }) => operation === 'GetTokensFromRefreshToken')
    .map(({ outcome }) => outcome)

/** Who a token belongs to. */
export const subjectOf = (token: string): unknown =>
  (
    JSON.parse(atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/'))) as {
      username?: string
    }
  ).username

/** The response of a route handler, or one that a context of Next.js stands for. */
export interface Visit {
  readonly context: NextContext
  /** Has the browser keep what the answer sets. */
  readonly arrive: () => void
  /** What the answer sets, by name; empty for what it deletes. */
  readonly set: ReadonlyMap<string, string>
}

/** A browser with its cookies, as far as Next.js sees them. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #pool: UserPool
  constructor(pool: UserPool) {
    this.#pool = pool
  }

  async signIn(username: string): Promise<this> {
    const response = await fetch(this.#pool.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
      },
      body: JSON.stringify({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: this.#pool.clientId,
        AuthParameters: { USERNAME: username, PASSWORD: password },
      }),
    })
    const { AuthenticationResult: result } = (await response.json()) as {
      AuthenticationResult: { AccessToken: string; IdToken: string; RefreshToken: string }
    }
    const client = `${prefix}.${this.#pool.clientId}`
    const user = `${client}.${encodeURIComponent(username)}`
    this.cookies.set(`${client}.LastAuthUser`, username)
    this.cookies.set(`${user}.accessToken`, result.AccessToken)
    this.cookies.set(`${user}.idToken`, result.IdToken)
    this.cookies.set(`${user}.refreshToken`, result.RefreshToken)
    this.cookies.set(`${user}.clockDrift`, '0')
    return this
  }

  /** What a cookie holds, by the end of its name. */
  held(end: string): string | undefined {
    return [...this.cookies].find(([name]) => name.endsWith(end))?.[1]
  }

  #keep(set: ReadonlyMap<string, string>): void {
    for (const [name, value] of set) {
      if (value) this.cookies.set(name, value)
      else this.cookies.delete(name)
    }
  }

  /** `cookies()` in a server action or a route handler; in a server component, where `isReadOnly`. */
  visit({ isReadOnly = false } = {}): Visit {
    const sent = new Map(this.cookies)
    const set = new Map<string, string>()
    const store: CookieStore = {
      get: (name) => {
        const value = sent.get(name)
        return value === undefined ? undefined : { value }
      },
      set(name: string, value: string, _options: CookieOptions) {
        if (isReadOnly)
          throw new Error('Cookies can only be modified in a Server Action or Route Handler.')
        // It tells whether cookies can be set, and says nothing.
        if (name !== 'unexpired-probe') set.set(name, value)
      },
    }
    return { context: { cookies: async () => store }, arrive: () => this.#keep(set), set }
  }

  header(): string {
    return [...this.cookies]
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('; ')
  }

  /** Keeps what a response of the web sets. */
  receive(response: Response): void {
    const cookies = response.headers.getSetCookie().map((cookie) => {
      const [pair = ''] = cookie.split(';')
      const at = pair.indexOf('=')
      return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))] as const
    })
    this.#keep(new Map(cookies))
  }

  /** What the proxy is given; `cookies` are those that go on. */
  passing(
    pathname: string,
    headers: Record<string, string> = {},
  ): ProxyRequest & { cookies: { all: Map<string, string> } } {
    const all = new Map(this.cookies)
    return {
      nextUrl: { pathname },
      headers: new Headers(headers),
      cookies: {
        all,
        get: (name) => {
          const value = all.get(name)
          return value === undefined ? undefined : { value }
        },
        set: (name, value) => all.set(name, value),
        delete: (name) => all.delete(name),
      },
    }
  }
}
