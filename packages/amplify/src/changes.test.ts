import { Amplify } from 'aws-amplify'
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
  startPool,
  currentStorage,
  storedAccessToken,
  storedUser,
} from '../test/emulated-pool.ts'
import { failureOf, context, signOutQuietly, signInQuietly } from '../test/source-scene.ts'
import { amplifyTokens } from './index.ts'

afterEach(() => {
  vi.unstubAllGlobals()
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
