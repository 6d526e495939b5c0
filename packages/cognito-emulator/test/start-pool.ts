import { onTestFinished } from 'vitest'
import {
  createSigningKeys,
  createUserPool,
  type SigningKeys,
  type UserPool,
  type UserPoolOptions,
} from '../src/index.ts'

let keys: Promise<SigningKeys> | undefined

/** A pool with alice in it, closed when the test ends. All pools of a test file have the same keys. */
export async function startPool(options: UserPoolOptions = {}): Promise<UserPool> {
  keys ??= createSigningKeys()
  const signingKeys = await keys
  const pool = await createUserPool({ users: { alice: 'secret' }, signingKeys, ...options })
  onTestFinished(() => pool.close())
  return pool
}

/** A clock that a test moves by hand. */
export function handClock(startsAt: number = Date.UTC(2026, 0, 1)): {
  now: () => number
  pass: (seconds: number) => void
} {
  let at = startsAt
  return {
    now: () => at,
    pass(seconds) {
      at += seconds * 1000
    },
  }
}
