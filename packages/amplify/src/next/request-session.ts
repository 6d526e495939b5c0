import {
  createPolicy,
  TokenError,
  type Coordinator,
  type Policy,
  type PolicyOptions,
} from '@unexpired/core'
import { refreshAuthTokensWithoutDedupe } from 'aws-amplify/auth/cognito'
import {
  amplifyToken,
  type AmplifyToken,
  type CognitoTokens,
  type TokenUse,
} from '../amplify-token.ts'
import { explain } from '../outcome.ts'
import { noteFailure, recentFailure } from './across-requests.ts'
import {
  cookieDefaults,
  cookiesFor,
  cookiesToForget,
  tokensIn,
  type AuthConfig,
} from './cookie-tokens.ts'
import { readFailure } from './failure-cookie.ts'
import type { CookieOptions, RequestCookies } from './request-context.ts'

/** What every request has in common. */
export interface RequestSettings {
  readonly config: AuthConfig
  readonly tokenUse: TokenUse
  readonly cookies: CookieOptions
  readonly coordinator: Coordinator
  readonly adoptMs: number
  readonly refreshTimeoutMs: number
  readonly policy: Omit<PolicyOptions, 'source' | 'coordinator'>
}

/** One request: its cookies, as they are by now, and its policy. */
export interface RequestSession {
  readonly policy: Policy
  /** The cookies by now: as the browser sent them, with what has been set since. */
  get(name: string): string | undefined
  /** Where cookies go from now on; gets those that were set before. */
  attach(cookies: RequestCookies): void
  /** What was set since the request came in; `undefined` as a value for what was forgotten. */
  readonly changes: ReadonlyMap<string, string | undefined>
}

/** SHA-256, so that no refresh token is kept where all requests meet. */
const keyOf = async (
  { refreshToken = '' }: CognitoTokens,
  { Cognito }: AuthConfig,
): Promise<string> => {
  const text = new TextEncoder().encode(`${Cognito.userPoolClientId} ${refreshToken}`)
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', text))
  return `amplify ${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

const readOnly = (): TokenError =>
  new TokenError(
    'read-only',
    'The token has ended, and a server component cannot keep a new one. Let the proxy refresh first: export auth.proxy from proxy.ts, and have its matcher cover this page.',
  )

/**
 * Makes the session of one request. It refreshes only when a token has ended, never behind the
 * answer's back: what would come too late for the answer's cookies would be lost.
 */
export const createRequestSession = async (
  cookies: RequestCookies,
  settings: RequestSettings,
  bufferMs: number,
): Promise<RequestSession> => {
  const { config, tokenUse, coordinator, adoptMs } = settings
  const changes = new Map<string, string | undefined>()
  let target = cookies
  let lastFailure: TokenError | undefined

  const get = (name: string): string | undefined =>
    changes.has(name) ? changes.get(name) : cookies.get(name)
  const write = (to: RequestCookies, name: string, value: string | undefined): void =>
    to.set(name, value ?? '', {
      ...cookieDefaults,
      ...settings.cookies,
      ...(value === undefined && { maxAge: 0 }),
    })
  const change = (entries: Iterable<[string, string | undefined]>): void => {
    const isWritten = target.canWrite()
    for (const [name, value] of entries) {
      changes.set(name, value)
      if (isWritten) write(target, name, value)
    }
  }
  const load = (): Promise<CognitoTokens | undefined> => tokensIn(get, config)

  const adopt = async ({ cognito }: AmplifyToken, spent: CognitoTokens): Promise<void> => {
    // A sign-in or a sign-out in this very request is newer.
    if ((await load())?.refreshToken === spent.refreshToken) change(cookiesFor(cognito, config))
  }

  /** Calls `run` while what others make of this refresh token is heard. */
  const hearing = async <R>(
    tokens: CognitoTokens,
    run: (key: string, heard: () => Promise<unknown>) => Promise<R>,
  ): Promise<R> => {
    const key = await keyOf(tokens, config)
    const adopting: Promise<void>[] = []
    const stop = coordinator.subscribe?.(key, (news) => {
      if (news.kind === 'refreshed' && news.token)
        adopting.push(adopt(news.token as AmplifyToken, tokens))
    })
    try {
      return await run(key, () => Promise.all(adopting))
    } finally {
      stop?.()
    }
  }

  const spend = async (tokens: CognitoTokens): Promise<AmplifyToken> => {
    const before = readFailure(get)
    // Whoever waits here has waited in the proxy: the policy does not wait for what is so far away.
    if (before) {
      const { code, message, retryAt = 0 } = before
      const nextRequest = Date.now() + settings.refreshTimeoutMs
      throw new TokenError(code, message, { retryAt: Math.max(retryAt, nextRequest) })
    }
    if (!target.canWrite()) throw readOnly()
    if (!tokens.refreshToken)
      throw new TokenError('session-expired', 'The session is over. Show the sign-in page.')
    const key = await keyOf(tokens, config)
    const failure = recentFailure(key)
    if (failure) throw failure
    try {
      const fresh = await refreshAuthTokensWithoutDedupe({
        tokens,
        authConfig: config,
        username: tokens.username,
      })
      return amplifyToken({ ...tokens, ...fresh }, tokenUse)
    } catch (error) {
      const explained = explain(error)
      noteFailure(key, explained, adoptMs)
      throw explained
    }
  }

  const policy = createPolicy<AmplifyToken>({
    ...settings.policy,
    refreshTimeoutMs: settings.refreshTimeoutMs,
    bufferMs,
    source: {
      name: 'amplify',
      async read() {
        const tokens = await load()
        return tokens && amplifyToken(tokens, tokenUse)
      },
      async refresh({ previous }) {
        const tokens = previous?.cognito ?? (await load())
        if (!tokens)
          throw new TokenError('signed-out', 'Nobody is signed in. Show the sign-in page.')
        try {
          return await spend(tokens)
        } catch (error) {
          lastFailure = error as TokenError
          throw error
        }
      },
      store: ({ cognito }) => change(cookiesFor(cognito, config)),
      clear({ cognito }) {
        // Somebody else has spent it, and the browser may have by now what that gave.
        if (lastFailure?.code !== 'token-reused')
          change(cookiesToForget(cognito, config).map((name) => [name, undefined]))
      },
    },
    coordinator: {
      async exclusive(_, job, context) {
        const tokens = await load()
        // Nobody is signed in, so there is nobody to take turns with.
        if (!tokens) return job({ stillCurrent: () => true, committed: () => {} })
        return hearing(tokens, (key, heard) =>
          coordinator.exclusive(key, (turn) => heard().then(() => job(turn)), context),
        )
      },
    },
  })

  const atFirst = await load()
  // A request that left the browser before the last refresh arrived there brings the spent token.
  if (atFirst) await hearing(atFirst, (_, heard) => heard())

  return {
    policy,
    get,
    changes,
    attach(next) {
      target = next
      if (changes.size && next.canWrite())
        for (const [name, value] of changes) write(next, name, value)
    },
  }
}
