import { inspect } from 'node:util'
import { findTokenError, type RefreshContext, type TokenError } from '@unexpired/core'
import { Amplify } from 'aws-amplify'
import { signOut } from 'aws-amplify/auth'
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito'
import { Hub } from 'aws-amplify/utils'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  breakRefresh,
  hear,
  makePolicy,
  pass,
  refreshes,
  signInAs,
  soon,
  SlowStorage,
  startPool,
  currentStorage,
  storedAccessToken,
  storedUser,
  useStorage,
} from '../test/emulated-pool.ts'
import { amplifyTokens, type AmplifyToken } from './index.ts'

const claims = (jwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >

const failureOf = async (attempt: unknown): Promise<TokenError | undefined> => {
  try {
    await attempt
    return undefined
  } catch (error) {
    return findTokenError(error)
  }
}

const context = (previous: AmplifyToken | undefined): RefreshContext<AmplifyToken> => ({
  reason: 'manual',
  previous,
  signal: new AbortController().signal,
})

/** As another tab would: nobody on this page hears of it. */
const elsewhere = async (act: () => Promise<unknown>): Promise<void> => {
  const dispatch = vi.spyOn(Hub, 'dispatch').mockImplementation(() => {})
  await act()
  dispatch.mockRestore()
}
const signOutQuietly = (): Promise<void> => elsewhere(() => signOut())
const signInQuietly = (user: string): Promise<void> => elsewhere(() => signInAs(user))

const keysOf = (user: string): string[] =>
  [...currentStorage().entries.keys()].filter((key) => key.includes(`.${user}.`))

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('the stored token', () => {
  test('is the access token', async () => {
    await startPool()
    await signInAs('alice')
    const { value, expiresAt, identity } = await makePolicy().token()
    expect(claims(value)).toMatchObject({
      token_use: 'access',
      sub: identity,
      exp: expiresAt / 1000,
    })
  })

  test('is the id token where that is asked for', async () => {
    await startPool()
    await signInAs('alice')
    const { value } = await makePolicy({}, { tokenUse: 'id' }).token()
    expect(claims(value)).toMatchObject({ token_use: 'id' })
  })

  test('ends when the first of both ends, as Amplify counts it', async () => {
    await startPool({ idTokenSeconds: 300 })
    await signInAs('alice')
    const { value, expiresAt } = await makePolicy().token()
    expect(claims(value)).toMatchObject({ token_use: 'access' })
    expect(expiresAt - Date.now()).toBeLessThanOrEqual(300_000)
  })

  test('says nothing of clocks where the store says nothing', async () => {
    await startPool()
    await signInAs('alice')
    const { entries } = currentStorage()
    const header = Buffer.from('{}').toString('base64url')
    const payload = Buffer.from('{"exp":4102444800,"sub":"alice"}').toString('base64url')
    for (const key of entries.keys()) {
      if (key.endsWith('.accessToken')) entries.set(key, `${header}.${payload}.x`)
      if (key.endsWith('.clockDrift')) entries.set(key, 'none')
      if (key.endsWith('.refreshToken')) entries.delete(key)
    }
    const token = await amplifyTokens().read()
    expect(token).toMatchObject({ issuedAt: undefined, skewMs: undefined })
    expect(await failureOf(amplifyTokens().refresh(context(token)))).toMatchObject({
      code: 'unsupported',
    })
  })

  test('is a mistake in the set-up where the id token is asked for and there is none', async () => {
    await startPool()
    await signInAs('alice')
    for (const key of currentStorage().entries.keys())
      if (key.endsWith('.idToken')) currentStorage().entries.delete(key)
    const error = await failureOf(makePolicy({}, { tokenUse: 'id' }).token())
    expect(error).toMatchObject({ code: 'bad-token', kind: 'misconfigured' })
  })

  test('is nothing when nobody is signed in', async () => {
    await startPool()
    expect(await failureOf(makePolicy().token())).toMatchObject({ code: 'signed-out' })
    expect(await failureOf(amplifyTokens().refresh(context(undefined)))).toMatchObject({
      kind: 'signed-out',
    })
  })

  test('cannot be read before Amplify is configured, and the error says so', async () => {
    Amplify.configure({})
    const error = await failureOf(makePolicy().token())
    expect(error).toMatchObject({
      code: 'source-failed',
      message: expect.stringContaining('Amplify.configure()') as string,
    })
  })

  test('is not taken for a sign-out when the storage cannot be read', async () => {
    await startPool()
    await signInAs('alice')
    const broken = new SlowStorage(0)
    broken.getItem = () => Promise.reject(new DOMException('denied', 'SecurityError'))
    useStorage(broken)
    expect(await failureOf(makePolicy().token())).toMatchObject({
      code: 'source-failed',
      cause: { name: 'SecurityError' },
    })
  })

  test('shows no secret when it is printed or serialised', async () => {
    await startPool()
    await signInAs('alice')
    const token = await amplifyTokens().read()
    const { accessToken, idToken, refreshToken } = token?.cognito ?? {}
    const secrets = [accessToken, idToken, refreshToken].map(String)
    for (const printed of [JSON.stringify(token), inspect(token, { depth: 9 })]) {
      for (const secret of secrets) expect(printed).not.toContain(secret)
    }
    expect(secrets.every((secret) => secret.length > 20)).toBe(true)
  })
})

describe('a clock that is off', () => {
  test.each([
    ['behind', -3600],
    ['ahead', 3600],
  ])('costs nothing: the server is an hour %s', async (_, clockOffsetSeconds) => {
    const pool = await startPool({ clockOffsetSeconds })
    await signInAs('alice')
    const policy = makePolicy()
    for (let request = 0; request < 10; request++) await policy.token()
    expect(refreshes(pool)).toBe(0)
    pass(3600_000)
    await policy.token()
    expect(refreshes(pool)).toBe(1)
  })
})

describe('a refresh without an answer', () => {
  test('ends at the deadline, and the next call starts anew', async () => {
    const pool = await startPool()
    await signInAs('alice')
    const policy = makePolicy({ refreshTimeoutMs: 150, retryBaseMs: 1 })
    const fault = pool.fail({ operation: 'GetTokensFromRefreshToken', with: { kind: 'no-answer' } })
    expect(await failureOf(policy.refresh())).toMatchObject({ code: 'timeout', kind: 'transient' })
    fault.clear()
    await soon(5)
    await policy.refresh()
    expect(refreshes(pool)).toBe(2)
  })

  test('that comes late is kept: with rotation it holds the only refresh token', async () => {
    const pool = await startPool({ rotation: true })
    await signInAs('alice')
    const before = await storedAccessToken()
    const policy = makePolicy({ refreshTimeoutMs: 100, retryBaseMs: 1 })
    breakRefresh(pool, { kind: 'delay', delayMs: 250, afterWork: true }, 1)
    expect(await failureOf(policy.refresh())).toMatchObject({ code: 'timeout' })
    await expect.poll(storedAccessToken).not.toBe(before)
    await policy.refresh()
    expect(pool.log.map(({ outcome }) => outcome)).not.toContain('RefreshTokenReuseException')
  })

  test('is waited for when the next one finds the refresh token spent', async () => {
    const pool = await startPool({ rotation: true })
    await signInAs('alice')
    const policy = makePolicy({ refreshTimeoutMs: 400, retryBaseMs: 1 })
    breakRefresh(pool, { kind: 'delay', delayMs: 650, afterWork: true }, 1)
    expect(await failureOf(policy.refresh())).toMatchObject({ code: 'timeout' })
    await policy.refresh()
    expect(pool.log.map(({ outcome }) => outcome)).toContain('RefreshTokenReuseException')
    expect(await storedUser()).toBe('alice')
    await policy.refresh()
  })

  test('that ends badly after all leaves the session to what the next one has found', async () => {
    const pool = await startPool()
    await signInAs('alice')
    const policy = makePolicy({ refreshTimeoutMs: 200, retryBaseMs: 1 })
    breakRefresh(pool, { kind: 'html', delayMs: 300 }, 1)
    expect(await failureOf(policy.refresh())).toMatchObject({ code: 'timeout' })
    pool.revokeSessions('alice')
    expect(await failureOf(policy.refresh())).toMatchObject({ code: 'session-revoked' })
  })

  test('that has come is forgotten: a later refusal counts', async () => {
    const pool = await startPool()
    await signInAs('alice')
    const policy = makePolicy()
    await policy.refresh()
    pool.revokeSessions('alice')
    expect(await failureOf(policy.refresh())).toMatchObject({ code: 'session-revoked' })
  })

  test('that is lost after the refresh token was spent ends the session where there is no grace', async () => {
    const pool = await startPool({ rotation: true })
    await signInAs('alice')
    breakRefresh(pool, { kind: 'drop', afterWork: true }, 1)
    expect(await failureOf(makePolicy().refresh())).toMatchObject({ code: 'token-reused' })
    expect(refreshes(pool)).toBe(2)
    await expect.poll(storedUser).toBeUndefined()
  })

  test('that is lost costs nothing where there is grace', async () => {
    const pool = await startPool({ rotation: { graceSeconds: 10 } })
    await signInAs('alice')
    breakRefresh(pool, { kind: 'drop', afterWork: true }, 1)
    await makePolicy().refresh()
    expect(await storedUser()).toBe('alice')
  })
})

describe.each([
  [0, 0],
  [3, 3],
  [1, 10],
])('with a storage that takes %i ms to read and %i ms to write', (readMs, writeMs) => {
  test('a sign-out during a refresh stays signed out', async () => {
    const pool = await startPool({ rotation: true })
    useStorage(new SlowStorage(readMs, writeMs))
    await signInAs('alice')
    const policy = makePolicy()
    await policy.token()
    breakRefresh(pool, { kind: 'delay', delayMs: 150 })
    const refreshing = failureOf(policy.refresh())
    await soon(50)
    await signOut()
    expect(await refreshing).toMatchObject({ code: 'signed-out' })
    expect(policy.snapshot().status).toBe('signed-out')
    await soon(250)
    expect(await storedUser()).toBeUndefined()
    expect(keysOf('alice')).toEqual([])
  })

  test('bob, who signs in during the refresh of alice, stays bob', async () => {
    const pool = await startPool({ rotation: true })
    useStorage(new SlowStorage(readMs, writeMs))
    await signInAs('alice')
    const policy = makePolicy()
    const alice = await policy.token()
    breakRefresh(pool, { kind: 'delay', delayMs: 200 })
    const refreshing = failureOf(policy.refresh())
    await soon(30)
    await signOut()
    await expect.poll(storedUser).toBeUndefined()
    await signInAs('bob')
    await refreshing
    const bob = await policy.token()
    await soon(300)
    expect(bob.identity).not.toBe(alice.identity)
    expect(await storedUser()).toBe('bob')
    expect(await storedAccessToken()).toBe(bob.value)
    expect(keysOf('alice')).toEqual([])
  })

  test('a sign-out is noticed before the storage has let go', async () => {
    await startPool()
    useStorage(new SlowStorage(readMs, writeMs))
    await signInAs('alice')
    const policy = makePolicy()
    await policy.token()
    await signOut()
    expect(await failureOf(policy.token())).toMatchObject({ code: 'signed-out' })
  })
})

describe('storing', () => {
  /** Does something while the write of a refreshed token is under way. */
  const during = async (act: () => Promise<unknown>): Promise<AmplifyToken> => {
    useStorage(new SlowStorage(3))
    await signInAs('alice')
    const source = amplifyTokens()
    const token = await source.refresh(context(await source.read()))
    const life = new AbortController()
    const storage = currentStorage()
    const write = storage.setItem.bind(storage)
    storage.setItem = async (key, value) => {
      if (key.endsWith('.idToken')) {
        storage.setItem = write
        await act()
        life.abort()
      }
      await write(key, value)
    }
    await source.store?.(token, { signal: life.signal })
    return token
  }

  test('leaves nothing behind when alice signs out in the middle of it', async () => {
    await startPool({ rotation: true })
    const heard = hear()
    await during(() => signOut())
    await expect.poll(() => keysOf('alice')).toEqual([])
    expect(await storedUser()).toBeUndefined()
    expect(heard.map(({ event }) => event)).toEqual(['signedIn', 'signedOut'])
  })

  test('never mixes alice into the session that bob begins in the middle of it', async () => {
    await startPool({ rotation: true })
    await during(async () => {
      await signOut()
      await signInAs('bob')
    })
    const bob = await cognitoUserPoolsTokenProvider.authTokenStore.loadTokens()
    expect(bob?.username).toBe('bob')
    expect(claims(String(bob?.accessToken))).toMatchObject({ username: 'bob' })
    await expect.poll(() => keysOf('alice')).toEqual([])
  })

  test('leaves a session alone that alice herself begins in the middle of it', async () => {
    await startPool({ rotation: true })
    let begun: string | undefined
    await during(async () => {
      await signOut()
      await signInAs('alice')
      begun = await storedAccessToken()
    })
    expect(await storedAccessToken()).toBe(begun)
    await makePolicy().refresh()
  })

  test('forgets an id token that did not come again, as Amplify does', async () => {
    await startPool()
    await signInAs('alice')
    const source = amplifyTokens()
    const token = await source.refresh(context(await source.read()))
    Object.assign(token.cognito, { idToken: undefined })
    await source.store?.(token, context(token))
    expect(keysOf('alice').some((key) => key.endsWith('.idToken'))).toBe(false)
    expect((await source.read())?.value).toBe(token.value)
  })

  test('is not undone when the policy is disposed in the middle of it: the refresh token is spent', async () => {
    await startPool({ rotation: true })
    const token = await during(async () => {})
    const stored = await cognitoUserPoolsTokenProvider.authTokenStore.loadTokens()
    expect(stored?.refreshToken).toBe(token.cognito.refreshToken)
    await makePolicy().refresh()
  })

  test('never shows a new access token beside a spent refresh token', async () => {
    await startPool({ rotation: true })
    useStorage(new SlowStorage(3))
    await signInAs('alice')
    const source = amplifyTokens()
    const before = await source.read()
    const after = await source.refresh(context(before))
    const reads: Promise<unknown>[] = []
    const seen = new Set<string>()
    const look = async (): Promise<void> => {
      const { accessToken, refreshToken } = (await amplifyTokens().read())?.cognito ?? {}
      const access = String(accessToken) === after.value ? 'new' : 'old'
      const refresh = refreshToken === after.cognito.refreshToken ? 'new' : 'old'
      seen.add(`${access} access, ${refresh} refresh`)
    }
    const timer = setInterval(() => reads.push(look()), 1)
    await source.store?.(after, context(after))
    await soon(5)
    clearInterval(timer)
    await Promise.all(reads)
    expect([...seen]).not.toContain('new access, old refresh')
    expect(seen.size).toBeGreaterThan(1)
  })

  test('that the storage refuses is told, and the token is used from memory', async () => {
    await startPool({ rotation: true })
    await signInAs('alice')
    const policy = makePolicy()
    const notices: string[] = []
    policy.subscribe((event) => {
      if (event.type === 'notice') notices.push(event.message)
    })
    currentStorage().setItem = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))
    const token = await policy.refresh()
    expect(await policy.token()).toBe(token)
    expect(notices).toHaveLength(1)
    expect((await policy.refresh()).value).not.toBe(token.value)
    expect(await storedUser()).toBe('alice')
  })
})

describe('a store that was cleared', () => {
  test('is a sign-out at the next refresh, whoever cleared it', async () => {
    const pool = await startPool()
    await signInAs('alice')
    const policy = makePolicy()
    await policy.token()
    await currentStorage().clear()
    expect(await failureOf(policy.refresh())).toMatchObject({ code: 'signed-out' })
    expect(refreshes(pool)).toBe(0)
  })

  test('by a tab that has renewed its refresh token, but not yet its access token, is left alone', async () => {
    await startPool({ rotation: true })
    await signInAs('alice')
    const source = amplifyTokens()
    const old = await source.read()
    const renewed = await source.refresh(context(old))
    for (const key of currentStorage().entries.keys()) {
      if (key.endsWith('.refreshToken')) {
        currentStorage().entries.set(key, renewed.cognito.refreshToken ?? '')
      }
    }
    if (old) await source.clear?.(old)
    expect(await storedUser()).toBe('alice')
  })

  test('keeps the name of a user who signs in while it is cleared', async () => {
    await startPool()
    await signInAs('alice')
    const source = amplifyTokens()
    const alice = await source.read()
    const storage = currentStorage()
    const remove = storage.removeItem.bind(storage)
    storage.removeItem = async (key) => {
      if (key.endsWith('.accessToken')) {
        storage.removeItem = remove
        await signInAs('bob')
      }
      await remove(key)
    }
    if (alice) await source.clear?.(alice)
    expect(await storedUser()).toBe('bob')
    expect(keysOf('alice')).toEqual([])
  })

  test('of another session is left alone', async () => {
    await startPool()
    await signInAs('alice')
    const source = amplifyTokens()
    const old = await source.read()
    const renewed = await source.refresh(context(old))
    await source.store?.(renewed, context(renewed))
    if (old) await source.clear?.(old)
    expect(await storedAccessToken()).toBe(renewed.value)
  })
})

describe('a session without a refresh token', () => {
  const startImplicit = async (): Promise<void> => {
    await startPool()
    await signInAs('alice')
    for (const key of currentStorage().entries.keys())
      if (key.endsWith('.refreshToken')) currentStorage().entries.delete(key)
  }

  test('is used until its token ends, and the set-up is to be mended', async () => {
    await startImplicit()
    const policy = makePolicy()
    expect(await failureOf(policy.refresh())).toMatchObject({
      code: 'unsupported',
      kind: 'misconfigured',
    })
    expect(await storedUser()).toBe('alice')
    await policy.token()
  })

  test('is over when its token has ended', async () => {
    await startImplicit()
    pass(3601_000)
    expect(await failureOf(makePolicy().token())).toMatchObject({
      code: 'session-expired',
      kind: 'signed-out',
    })
  })
})

describe('the Hub of Amplify', () => {
  test('hears of a refresh once, however many waited for it', async () => {
    await startPool()
    await signInAs('alice')
    pass(3600_000)
    const heard = hear()
    const policy = makePolicy()
    await Promise.all(Array.from({ length: 10 }, async () => policy.token()))
    await expect.poll(() => heard).toEqual([{ event: 'tokenRefresh' }])
  })

  test('hears of the end of a session once, with the error of Cognito', async () => {
    const pool = await startPool()
    await signInAs('alice')
    pool.revokeSessions('alice')
    const heard = hear()
    await failureOf(makePolicy().refresh())
    await expect
      .poll(() => heard)
      .toEqual([{ event: 'tokenRefresh_failure', error: 'NotAuthorizedException' }])
  })

  test('hears nothing of a failure that passes', async () => {
    const pool = await startPool()
    await signInAs('alice')
    breakRefresh(pool, { kind: 'html' })
    const heard = hear()
    await failureOf(makePolicy().refresh())
    await soon(20)
    expect(heard).toEqual([])
  })

  test('is spoken to without a warning on the console', async () => {
    await startPool()
    await signInAs('alice')
    const { ConsoleLogger } = await import('aws-amplify/utils')
    const warn = vi.spyOn(console, 'warn')
    ConsoleLogger.LOG_LEVEL = 'WARN'
    await makePolicy().refresh()
    ConsoleLogger.LOG_LEVEL = 'ERROR'
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
  })

  test('tells of refreshes that were not ours', async () => {
    const pool = await startPool({ rotation: true })
    await signInAs('alice')
    const policy = makePolicy()
    const before = await policy.token()
    await cognitoUserPoolsTokenProvider.getTokens({ forceRefresh: true })
    const after = await policy.token()
    expect(after.value).not.toBe(before.value)
    expect(after.value).toBe(await storedAccessToken())
    expect(refreshes(pool)).toBe(1)
  })
})

describe('another tab', () => {
  /** A window that hears what other tabs store. */
  const openWindow = (): EventTarget => {
    const page = new EventTarget()
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
    vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
    return page
  }

  const stored = (key: string): Event => Object.assign(new Event('storage'), { key })

  test('that signs bob in is noticed, with whatever else it stores left alone', async () => {
    const page = openWindow()
    await startPool()
    await signInAs('alice')
    const policy = makePolicy()
    const alice = await policy.token()
    const { entries } = currentStorage()
    await signOutQuietly()
    await signInQuietly('bob')
    page.dispatchEvent(stored('theme'))
    expect(await policy.token()).toBe(alice)
    page.dispatchEvent(
      stored([...entries.keys()].find((key) => key.endsWith('LastAuthUser')) ?? ''),
    )
    expect((await policy.token()).identity).not.toBe(alice.identity)
  })

  test('that has cleared everything has signed out', async () => {
    const page = openWindow()
    await startPool()
    await signInAs('alice')
    const policy = makePolicy()
    await policy.token()
    await currentStorage().clear()
    page.dispatchEvent(Object.assign(new Event('storage'), { key: null }))
    expect(await failureOf(policy.token())).toMatchObject({ code: 'signed-out' })
  })

  test('and Amplify are listened to until that is stopped', async () => {
    const page = openWindow()
    await startPool()
    let heard = 0
    const stop = amplifyTokens().subscribe?.(() => heard++)
    const speak = (): void => {
      page.dispatchEvent(stored('CognitoIdentityServiceProvider.x.alice.accessToken'))
      Hub.dispatch('auth', { event: 'tokenRefresh' })
    }
    speak()
    expect(heard).toBe(2)
    stop?.()
    speak()
    expect(heard).toBe(2)
  })

  // Amplify watches the storage itself since 6.22.
  test.each('getTokens' in Amplify ? ['signedIn', 'signedOut', 'tokenRefresh'] : [])(
    'that Amplify has heard of is asked about, and never believed: %s',
    async (event) => {
      await startPool()
      await signInAs('alice')
      const policy = makePolicy()
      const alice = await policy.token()
      const getItem = vi.spyOn(currentStorage(), 'getItem')
      Hub.dispatch('auth', { event } as { event: 'signedOut' }, 'Auth', undefined, true)
      await expect.poll(() => getItem.mock.calls.length).toBeGreaterThan(0)
      expect(await policy.token()).toBe(alice)
    },
  )
})

test('a sign-in that is read half is refreshed whole', async () => {
  const pool = await startPool()
  await signInAs('alice')
  const source = amplifyTokens()
  const { entries } = currentStorage()
  const whole = new Map(entries)
  for (const key of entries.keys()) if (key.endsWith('.refreshToken')) entries.delete(key)
  const half = await source.read()
  for (const [key, value] of whole) entries.set(key, value)
  await source.refresh(context(half))
  expect(refreshes(pool)).toBe(1)
})

test('a store that Amplify has given no user pool gets it', async () => {
  await startPool()
  await signInAs('alice')
  cognitoUserPoolsTokenProvider.setAuthConfig({} as never)
  expect(await makePolicy().token()).toBeDefined()
})

test('the metadata that the app sends with its refreshes is asked for', async () => {
  await startPool()
  await signInAs('alice')
  const provide = vi.fn<() => Promise<Record<string, string>>>(async () => ({ tenant: 'north' }))
  cognitoUserPoolsTokenProvider.setClientMetadataProvider(provide)
  await makePolicy().refresh()
  expect(provide).toHaveBeenCalledOnce()
  cognitoUserPoolsTokenProvider.setClientMetadataProvider(async () => ({}))
})

describe('a global fetch that was replaced', () => {
  test.each([
    ['gives no Response', async () => undefined],
    ['has a mistake in it', async () => (undefined as unknown as { headers: unknown }).headers],
    [
      'reads the body first',
      async (...request: Parameters<typeof fetch>) => {
        const response = await platformFetch(...request)
        await response.text()
        return response
      },
    ],
  ])('and %s is named as the cause', async (_, replaced) => {
    await startPool()
    await signInAs('alice')
    vi.stubGlobal('fetch', replaced)
    expect(await failureOf(makePolicy().refresh())).toMatchObject({ code: 'fetch-replaced' })
    expect(await storedUser()).toBe('alice')
  })
})

test('a fetch that fails without a word is a failure for an unknown reason', async () => {
  await startPool()
  await signInAs('alice')
  vi.stubGlobal('fetch', () => Promise.reject())
  expect(await failureOf(makePolicy().refresh())).toMatchObject({ code: 'refresh-failed' })
})

const platformFetch = globalThis.fetch
