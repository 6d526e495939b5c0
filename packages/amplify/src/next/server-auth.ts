import { findTokenError, type Coordinator, type Policy, type PolicyOptions } from '@unexpired/core'
import type { ResourcesConfig } from 'aws-amplify'
import { parseAmplifyConfig } from 'aws-amplify/utils'
import type { TokenUse } from '../amplify-token.ts'
import { acrossRequests } from './across-requests.ts'
import { amplifyCookies, keysAreReachable, type ServerRunner } from './amplify-runner.ts'
import { failureCookie } from './failure-cookie.ts'
import { isAsset, keepOn, passingCookies, refreshPassing, type ProxyRequest } from './proxy.ts'
import { answerRefresh } from './refresh-route.ts'
import {
  cookiesOf,
  type CookieOptions,
  type NextContext,
  type RequestCookies,
  type WebResponse,
} from './request-context.ts'
import {
  createRequestSession,
  type RequestSession,
  type RequestSettings,
} from './request-session.ts'

/** The settings of {@link createServerAuth}. Everything but `config` and `origins` has a default. */
export interface ServerAuthOptions extends Omit<
  PolicyOptions,
  'source' | 'coordinator' | 'keepFresh'
> {
  /** What `Amplify.configure` takes: `amplify_outputs.json`, or an object with `Auth.Cognito`. */
  readonly config: ResourcesConfig | Readonly<Record<string, unknown>>
  /** Which token is sent: `access` (default) or `id`. */
  readonly tokenUse?: TokenUse | undefined
  /** How cookies are set, where it is not as Amplify's client does it by default: path `/`, `SameSite=Lax`, `Secure`, a year. */
  readonly cookies?: CookieOptions | undefined
  /** How long what a refresh gave is handed to requests that bring the spent refresh token, milliseconds. Default 10 000. */
  readonly adoptMs?: number | undefined
  /** Who else might refresh. Default: the requests of this process, by {@link acrossRequests}. */
  readonly coordinator?: Coordinator | undefined
  /** Amplify's own runner, of `createServerRunner`; only {@link ServerAuth.run} needs it. */
  readonly runWithAmplifyServerContext?: ServerRunner | undefined
}

/** The session of whoever sends a request, wherever Next.js handles it. Made by {@link createServerAuth}. */
export interface ServerAuth {
  /**
   * The policy of this one request, for `withAuth`. Asked for again within the request it is the same
   * one; another request never gets it.
   *
   * A context that cannot set cookies, as a server component, spends no refresh token: when the token
   * has ended, calls reject with `read-only`, or with what the proxy met.
   */
  policy(context: NextContext): Promise<Policy>
  /**
   * For `proxy.ts`: refreshes before anything is rendered when the token is within the buffer, and
   * sets the cookies on the request that goes on and on the answer that comes back. Assets, and
   * requests of nobody, pass untouched.
   *
   * `respond` is called once the request holds its new cookies; `NextResponse.next({ request })` hands
   * them on. What it gives keeps its headers.
   */
  proxy<R extends WebResponse>(request: ProxyRequest, respond: () => R | Promise<R>): Promise<R>
  /**
   * For a route handler's `POST`: refreshes on behalf of the browser and sets the cookies; see
   * {@link refreshThroughServer}. Other sites get 403.
   */
  refreshRoute(request: Request): Promise<Response>
  /**
   * Runs an operation of `aws-amplify/auth/server`, as `getCurrentUser`, with tokens that are fresh.
   * Amplify itself refreshes nothing in it.
   *
   * @throws TokenError `offline` where the keys of the user pool are out of reach, which
   * Amplify takes for a sign-out; and as the policy does
   */
  run<R>(context: NextContext, operation: (amplify: never) => R | Promise<R>): Promise<R>
}

/** A page is rendered while somebody waits: short pauses. */
const forServers = { retryBaseMs: 1_000, retryMaxMs: 2_000 }

/**
 * The sessions of an app's users in Next.js, out of the cookies that Amplify keeps with `ssr: true`:
 * in the proxy, in route handlers, server actions and server components, and in the Pages Router.
 *
 * Nothing about a user is kept outside of the request, but for `adoptMs` what a refresh token was
 * spent for, under a hash of it: a page with twenty fetches costs one refresh.
 *
 * @throws TypeError when the configuration has no user pool, and for options of the policy that are wrong
 *
 * @example
 * ```ts
 * import { createServerAuth } from '@unexpired/amplify/next'
 * import outputs from '../amplify_outputs.json'
 *
 * export const auth = createServerAuth({ config: outputs, origins: ['https://api.example.com'] })
 * ```
 */
export const createServerAuth = ({
  config,
  tokenUse = 'access',
  cookies = {},
  adoptMs = 10_000,
  coordinator = acrossRequests({ adoptMs }),
  runWithAmplifyServerContext: runner,
  bufferMs = 300_000,
  refreshTimeoutMs = 5_000,
  ...policyOptions
}: ServerAuthOptions): ServerAuth => {
  const { Auth } = parseAmplifyConfig(config)
  if (!Auth?.Cognito.userPoolClientId)
    throw new TypeError(
      'createServerAuth: config must have Auth.Cognito, as Amplify.configure takes it',
    )
  const settings: RequestSettings = {
    config: Auth,
    tokenUse,
    cookies,
    coordinator,
    adoptMs,
    refreshTimeoutMs,
    policy: { ...forServers, ...policyOptions },
  }
  /** By the object that stands for a request, and gone with it. */
  const sessions = new WeakMap<object, Promise<RequestSession>>()

  const sessionOf = async (requestCookies: RequestCookies): Promise<RequestSession> => {
    const known = sessions.get(requestCookies.request)
    const session = known ?? createRequestSession(requestCookies, settings, 0)
    sessions.set(requestCookies.request, session)
    if (known) (await known).attach(requestCookies)
    return session
  }

  return {
    policy: async (context) => (await sessionOf(await cookiesOf(context))).policy,
    async proxy(request, respond) {
      if (isAsset(request)) return respond()
      // Only a proxy says what the proxy met.
      if (request.cookies.get(failureCookie)) request.cookies.delete(failureCookie)
      const passing = passingCookies(request)
      const session = await createRequestSession(passing.cookies, settings, bufferMs)
      await refreshPassing(request, session)
      return keepOn(await respond(), passing.set)
    },
    refreshRoute: (request) =>
      answerRefresh(request, (requestCookies) => createRequestSession(requestCookies, settings, 0)),
    async run(context, operation) {
      if (!runner)
        throw new TypeError('createServerAuth: run needs the option runWithAmplifyServerContext')
      const session = await sessionOf(await cookiesOf(context))
      try {
        await session.policy.token()
      } catch (error) {
        if (findTokenError(error)?.kind !== 'signed-out') throw error
      }
      await keysAreReachable(Auth)
      return runner({
        nextServerContext: { cookies: async () => amplifyCookies(session) } as never,
        operation: operation as never,
      }) as Promise<never>
    },
  }
}
