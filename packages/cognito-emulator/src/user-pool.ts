import { checkKeys } from './checks.ts'
import { createDocuments } from './documents.ts'
import { exchange, type ExchangeContext } from './exchange.ts'
import { createFamilies, type RefreshTokenFamily } from './families.ts'
import type { ActiveFault, FaultRule } from './fault.ts'
import { createFaults } from './faults.ts'
import { listen } from './listen.ts'
import { createPasswordChallenges } from './password-challenges.ts'
import { createRequestLog, type LoggedRequest } from './request-log.ts'
import { CHANGEABLE, changed, type ChangeableOptions } from './settings.ts'
import { createSigningKeys, keyPairsOf } from './signing-keys.ts'
import { createTokens } from './tokens.ts'
import { readOptions, type UserPoolOptions } from './user-pool-options.ts'
import { createUsers, type NewUser } from './users.ts'

/** A running user pool with one app client. */
export interface UserPool {
  /** Where it listens, such as `http://127.0.0.1:51234`: the `endpoint` of the AWS SDK. */
  readonly endpoint: string
  /** The region in the pool's id. */
  readonly region: string
  /** The pool's id. */
  readonly userPoolId: string
  /** The id of its one app client, which has no secret. */
  readonly clientId: string
  /** The `iss` claim of its tokens. */
  readonly issuer: string
  /** Where its keys are. */
  readonly jwksUri: string
  /** What `Amplify.configure` takes. */
  readonly amplifyConfig: AmplifyConfig

  /** Adds a user, or replaces the one of that name. About 5 ms. Throws a TypeError on a bad name or option. */
  addUser(name: string, user: string | NewUser): void
  /** Removes a user and ends the sessions; false where there was none. Requests then get UserNotFoundException. */
  removeUser(name: string): boolean
  /** The names of all users. */
  readonly users: readonly string[]

  /** Ends every session of a user, as an administrator would, and gives their number. */
  revokeSessions(user: string): number
  /** Every session and how often each of its refresh tokens was spent; of one user, where a name is given. */
  families(user?: string): readonly RefreshTokenFamily[]

  /** Makes requests fail, n times or until it is taken back. Throws a TypeError on a bad rule. */
  fail(rule: FaultRule): ActiveFault
  /** Takes back every fault. */
  clearFaults(): void

  /** The last 10 000 requests in the order in which they came in, as they stand now. */
  readonly log: readonly LoggedRequest[]
  /** Empties the log. */
  clearLog(): void
  /** Calls the listener with each request when its end is decided; gives a function that stops that. */
  subscribe(listener: (request: LoggedRequest) => void): () => void

  /** Changes settings while it runs. What is not given stays as it is. Throws a TypeError on a bad option. */
  configure(changes: ChangeableOptions): void
  /** The server's clock, in epoch ms. */
  now(): number
  /** Stops at once: requests that wait, and those that never get an answer, are cut off. Can be called twice. */
  close(): Promise<void>
}

/** The part of Amplify's configuration that names a user pool. */
export interface AmplifyConfig {
  /** The pool, for Amplify's Auth category. */
  readonly Auth: {
    readonly Cognito: {
      readonly userPoolId: string
      readonly userPoolClientId: string
      readonly userPoolEndpoint: string
    }
  }
}

/**
 * Starts a Cognito user pool on loopback, for development and tests.
 *
 * @param options - See {@link UserPoolOptions}; all are optional.
 * @returns The pool, listening. Close it when done.
 * @throws TypeError for a bad option, at once; Error where the port is taken.
 *
 * @example
 * ```ts
 * import { createUserPool } from '@unexpired/cognito-emulator'
 * import { Amplify } from 'aws-amplify'
 * import { fetchAuthSession, signIn } from 'aws-amplify/auth'
 *
 * const pool = await createUserPool({ users: { alice: 'secret' }, accessTokenSeconds: 60 })
 * Amplify.configure(pool.amplifyConfig)
 * await signIn({ username: 'alice', password: 'secret' })
 *
 * pool.fail({ operation: 'GetTokensFromRefreshToken', times: 2, with: { kind: 'throttle' } })
 * await fetchAuthSession({ forceRefresh: true }) // succeeds at the third try
 * await pool.close()
 * ```
 */
export async function createUserPool(options: UserPoolOptions = {}): Promise<UserPool> {
  const { port, userPoolId, clientId, ...setup } = readOptions(options)
  let { settings } = setup
  const now = (): number => setup.now() + settings.clockOffsetSeconds * 1000
  const currentSettings = (): typeof settings => settings

  const users = createUsers(userPoolId)
  for (const [name, user] of Object.entries(setup.users)) users.add(name, user)
  const families = createFamilies(now, currentSettings)
  const faults = createFaults()
  const log = createRequestLog()
  const closing = new AbortController()

  const keys = keyPairsOf(setup.signingKeys ?? (await createSigningKeys()))
  const server = await listen(port)
  const endpoint = `http://127.0.0.1:${server.port}`
  const issuer = setup.issuer ?? `${endpoint}/${userPoolId}`
  const jwksUri = `${endpoint}/${userPoolId}/.well-known/jwks.json`
  const tokens = createTokens({ keys, issuer, clientId, now, settings: currentSettings })
  const context: ExchangeContext = {
    clientId,
    settings: currentSettings,
    users,
    challenges: createPasswordChallenges(userPoolId, users, now),
    families,
    tokens,
    now,
    documents: createDocuments(userPoolId, issuer, jwksUri, tokens),
    faults,
    log,
    closing: closing.signal,
  }
  server.serve((request, response) => void exchange(request, response, context))

  return {
    endpoint,
    region: userPoolId.slice(0, userPoolId.indexOf('_')),
    userPoolId,
    clientId,
    issuer,
    jwksUri,
    amplifyConfig: {
      Auth: { Cognito: { userPoolId, userPoolClientId: clientId, userPoolEndpoint: endpoint } },
    },

    addUser: (name, user) => users.add(name, user),
    removeUser(name) {
      families.revokeByUser(name, 'removeUser')
      return users.remove(name)
    },
    get users() {
      return users.names()
    },

    revokeSessions: (user) => families.revokeByUser(user, 'revokeSessions'),
    families: (user) => families.list(user),

    fail: (rule) => faults.set(rule),
    clearFaults: () => faults.clear(),

    get log() {
      return log.entries()
    },
    clearLog: () => log.clear(),
    subscribe: (listener) => log.subscribe(listener),

    configure(changes) {
      checkKeys('configure', changes, CHANGEABLE)
      settings = changed(settings, changes)
    },
    now,
    async close() {
      closing.abort()
      await server.close()
    },
  }
}
