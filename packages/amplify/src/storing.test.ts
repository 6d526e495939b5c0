import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito'
import { signOut } from 'aws-amplify/auth'
import { describe, expect, test } from 'vitest'
import {
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
import { claims, failureOf, context, keysOf } from '../test/source-scene.ts'
import { amplifyTokens, type AmplifyToken } from './index.ts'

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
