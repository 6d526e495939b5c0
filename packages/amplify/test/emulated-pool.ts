import { createPolicy, platform, type Policy, type PolicyOptions } from '@unexpired/core'
import {
  createUserPool,
  type Fault,
  type UserPool,
  type UserPoolOptions,
} from '@unexpired/cognito-emulator'
import { Amplify } from 'aws-amplify'
import { signIn } from 'aws-amplify/auth'
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito'
import { ConsoleLogger, Hub } from 'aws-amplify/utils'
import { afterEach, beforeEach, vi } from 'vitest'
import { amplifyTokens, type AmplifyToken, type AmplifyTokensOptions } from '../src/index.ts'

// Amplify warns of every endpoint that is not AWS's own.
ConsoleLogger.LOG_LEVEL = 'ERROR'

/** Waits; not at all for 0. */
export const soon = async (ms: number): Promise<void> => {
  if (ms) await new Promise((resolve) => setTimeout(resolve, ms))
}

/** A storage that answers late, as those of React Native and IndexedDB do. */
export class SlowStorage {
  readonly entries = new Map<string, string>()
  readonly #readMs: number
  readonly #writeMs: number
  constructor(readMs: number, writeMs: number = readMs) {
    this.#readMs = readMs
    this.#writeMs = writeMs
  }
  async setItem(key: string, value: string): Promise<void> {
    await soon(this.#writeMs)
    this.entries.set(key, value)
  }
  async getItem(key: string): Promise<string | null> {
    await soon(this.#readMs)
    return this.entries.get(key) ?? null
  }
  async removeItem(key: string): Promise<void> {
    await soon(this.#writeMs)
    this.entries.delete(key)
  }
  async clear(): Promise<void> {
    this.entries.clear()
  }
}

/** What the test left open; closed after it. */
const open: (() => unknown)[] = []

let storage = new SlowStorage(0)

/** Amplify has one storage for the whole process; each test gets its own. */
export const currentStorage = (): SlowStorage => storage

export const useStorage = (next: SlowStorage): void => {
  storage = next
  cognitoUserPoolsTokenProvider.setKeyValueStorage(next)
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true, advanceTimeDelta: 5 })
})

afterEach(async () => {
  for (const close of open.splice(0)) await close()
  vi.useRealTimers()
})

/** Moves the one clock of browser and server. */
export const pass = (ms: number): unknown => vi.setSystemTime(Date.now() + ms)

const password = 'Passw0rd!'

/** Starts a pool with alice and bob in it and configures Amplify for it, with Amplify's own token provider. */
export const startPool = async (options: UserPoolOptions = {}): Promise<UserPool> => {
  const pool = await createUserPool({ users: { alice: password, bob: password }, ...options })
  open.push(() => pool.close())
  // By itself Amplify may keep the provider of an earlier configuration, and 6.15.8 its user pool, too.
  const tokenProvider = cognitoUserPoolsTokenProvider
  tokenProvider.setAuthConfig(pool.amplifyConfig.Auth)
  Amplify.configure(pool.amplifyConfig, { Auth: { tokenProvider } })
  useStorage(new SlowStorage(0))
  return pool
}

export const signInAs = async (username: string): Promise<void> => {
  await signIn({ username, password, options: { authFlowType: 'USER_PASSWORD_AUTH' } })
}

/** A policy on Amplify, disposed after the test. By default it tries once and then cools down for long. */
export const makePolicy = (
  options: Partial<PolicyOptions<AmplifyToken>> = {},
  tokens?: AmplifyTokensOptions,
): Policy => {
  const policy = createPolicy({
    source: amplifyTokens(tokens),
    origins: ['https://api.example.com'],
    retryBaseMs: 600_000,
    retryMaxMs: 600_000,
    runtime: { ...platform, random: () => 0 },
    ...options,
  })
  open.push(() => policy.dispose())
  return policy
}

/** Hears Amplify's Hub until the test ends. */
export const hear = (): { readonly event: string; readonly error?: string }[] => {
  const heard: { event: string; error?: string }[] = []
  open.push(
    Hub.listen('auth', ({ payload }) => {
      const error = 'data' in payload && (payload.data as { error?: Error }).error
      heard.push({ event: payload.event, ...(error && { error: error.name }) })
    }),
  )
  return heard
}

export const breakRefresh = (pool: UserPool, fault: Fault, times?: number): unknown =>
  pool.fail({ operation: 'GetTokensFromRefreshToken', with: fault, times })

/** How often Cognito was asked for a refresh. */
export const refreshes = (pool: UserPool): number =>
  pool.log.filter(({ operation }) => operation === 'GetTokensFromRefreshToken').length

/** Who is signed in by what Amplify has stored. */
export const storedUser = async (): Promise<string | undefined> =>
  (await cognitoUserPoolsTokenProvider.authTokenStore.loadTokens())?.username

export const storedAccessToken = async (): Promise<string | undefined> =>
  (await cognitoUserPoolsTokenProvider.authTokenStore.loadTokens())?.accessToken.toString()
