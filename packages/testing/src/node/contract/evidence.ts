import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { findTokenError } from '@unexpired/core'
import type { TokenErrorCode } from '@unexpired/core'
import type { ReceivedRequest } from '../received-request.ts'
import type { ContractResult } from './harness.ts'
import type { World } from './world.ts'

/** The request went well. */
export const assertOk = ({ status, error }: ContractResult): void => {
  assert.equal(error, undefined, `the request failed: ${String(error)}`)
  assert.equal(status, 200)
}

/** The answer is the server's own, and nothing of ours has taken its place. */
export const assertServerSaid = (result: ContractResult, status: number): void => {
  assert.equal(result.status, status)
  assert.equal(findTokenError(result.error), undefined, 'the answer was replaced by a TokenError')
}

/** The request failed by a `TokenError` with this code, and no token is anywhere in what was thrown. */
export const assertTokenError = (
  world: World,
  result: ContractResult,
  code: TokenErrorCode,
): void => {
  const found = findTokenError(result.error)
  assert.ok(found, `no TokenError was thrown, but ${String(result.error)}; status ${result.status}`)
  assert.equal(found.code, code)
  assertHoldsNoToken(world, result.error)
}

/** The tokens that arrived, in order. */
export const tokensIn = (requests: readonly ReceivedRequest[]): (string | undefined)[] =>
  requests.map(({ token }) => token)

/** What tells one token from another, also where only a part of it is shown. */
const tail = (secret: string): string => secret.slice(-24)

const json = (value: unknown): string => {
  try {
    return JSON.stringify([value])
  } catch {
    return ''
  }
}

const stacks = (error: unknown): string =>
  error instanceof Error ? `${String(error)} ${error.stack} ${stacks(error.cause)}` : String(error)

/** Neither printing, nor serialising, nor reading the stack of it shows a token that was ever issued. */
const assertHoldsNoToken = ({ idp }: World, thrown: unknown): void => {
  const shown = {
    'its inspection': inspect(thrown, {
      depth: Infinity,
      maxArrayLength: Infinity,
      maxStringLength: Infinity,
    }),
    'its JSON': json(thrown),
    'its stack': stacks(thrown),
  }
  for (const [where, text] of Object.entries(shown)) {
    for (const secret of idp.secrets)
      assert.ok(!text.includes(tail(secret)), `a token is in ${where}`)
  }
}

/** No request to this server carried a token, in any header, in its address or in its body. */
export const assertSawNoToken = ({ idp }: World, requests: readonly ReceivedRequest[]): void => {
  const seen = json(requests)
  for (const secret of idp.secrets) assert.ok(!seen.includes(tail(secret)), 'a token has leaked')
}

/** What can be told of an error without its text. */
export const shapeOf = (error: unknown): object => {
  if (typeof error !== 'object' || error === null) return { error }
  const { name, code } = error as { name?: unknown; code?: unknown }
  return { name, code, constructor: error.constructor.name }
}
