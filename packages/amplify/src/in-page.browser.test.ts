import { createPolicy } from '@unexpired/core'
import { Amplify } from 'aws-amplify'
import { getCurrentUser, signIn, signOut } from 'aws-amplify/auth'
import { afterEach, expect, inject, test } from 'vitest'
import { amplifyTokenProvider, amplifyTokens, diagnose } from './index.ts'

const pools = inject('pools')
const platformFetch = globalThis.fetch

afterEach(() => {
  globalThis.fetch = platformFetch
})

test('a page signs in, refreshes with rotation and signs out', async () => {
  const policy = createPolicy({ source: amplifyTokens(), origins: ['self'] })
  Amplify.configure(pools.good, { Auth: { tokenProvider: amplifyTokenProvider(policy) } })
  await signIn({ username: 'alice', password: 'Passw0rd!' })
  expect(await getCurrentUser()).toMatchObject({ username: 'alice' })
  const first = await policy.token()
  const second = await policy.refresh()
  expect(second.value).not.toBe(first.value)
  expect(Object.values(localStorage)).toContain(second.value)
  expect(Object.values(localStorage)).not.toContain(first.value)
  expect(await diagnose()).toEqual([])

  // As in another tab: the store is emptied, and this page is told by an event.
  localStorage.clear()
  dispatchEvent(new StorageEvent('storage', { key: null, storageArea: localStorage }))
  await expect(async () => policy.token()).rejects.toMatchObject({ code: 'signed-out' })
  await signOut()
  policy.dispose()
})

test.each([
  ['good', []],
  ['unreadable', ['cors']],
  ['absent', ['offline']],
] as const)('a pool that is %s is diagnosed as that', async (pool, codes) => {
  expect((await diagnose(pools[pool])).map(({ code }) => code)).toEqual(codes)
})

test('a page whose fetch was replaced is told so', async () => {
  globalThis.fetch = (...request) => platformFetch(...request)
  expect((await diagnose(pools.good)).map(({ code }) => code)).toEqual(['fetch-replaced'])
})
