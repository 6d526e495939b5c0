import { findTokenError, type RefreshContext, type TokenError } from '@unexpired/core'
import { signOut } from 'aws-amplify/auth'
import { Hub } from 'aws-amplify/utils'
import { vi } from 'vitest'
import type { AmplifyToken } from '../src/index.ts'
import { currentStorage, signInAs } from './emulated-pool.ts'

/** What a JWT says, unverified. */
export const claims = (jwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >

/** The error of ours that an attempt ends with. */
export const failureOf = async (attempt: unknown): Promise<TokenError | undefined> => {
  try {
    await attempt
    return undefined
  } catch (error) {
    return findTokenError(error)
  }
}

/** What the policy would hand to `refresh`. */
export const context = (previous: AmplifyToken | undefined): RefreshContext<AmplifyToken> => ({
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

/** A sign-out of another tab. */
export const signOutQuietly = (): Promise<void> => elsewhere(() => signOut())
/** A sign-in of another tab. */
export const signInQuietly = (user: string): Promise<void> => elsewhere(() => signInAs(user))

/** What the storage holds of a user. */
export const keysOf = (user: string): string[] =>
  [...currentStorage().entries.keys()].filter((key) => key.includes(`.${user}.`))
