import { Amplify } from 'aws-amplify'
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito'
import { vi } from 'vitest'
import type { UserPool } from '../src/index.ts'

/** Points the real Amplify at a pool, with an empty storage, and gives the storage. */
export function useAmplify(pool: UserPool): Map<string, string> {
  // Amplify warns each time that a custom endpoint is in use.
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  Amplify.configure(pool.amplifyConfig)
  const stored = new Map<string, string>()
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    setItem: async (key, value) => void stored.set(key, value),
    getItem: async (key) => stored.get(key) ?? null,
    removeItem: async (key) => void stored.delete(key),
    clear: async () => stored.clear(),
  })
  return stored
}

/** Which of the three tokens are in the storage. */
export function storedTokens(stored: Map<string, string>): string[] {
  const keys = [...stored.keys()]
  const names = ['accessToken', 'idToken', 'refreshToken']
  return names.filter((name) => keys.some((key) => key.endsWith(`.${name}`)))
}
