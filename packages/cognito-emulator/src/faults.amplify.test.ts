import { fetchAuthSession, signIn } from 'aws-amplify/auth'
import { describe, expect, test } from 'vitest'
import { storedTokens, useAmplify } from '../test/amplify.ts'
import { startPool } from '../test/start-pool.ts'
import type { Fault, UserPool } from './index.ts'

const REFRESH = 'GetTokensFromRefreshToken'

describe('as Amplify sees it', () => {
  async function signedIn(): Promise<{ pool: UserPool; stored: Map<string, string> }> {
    const pool = await startPool({ rotation: true })
    const stored = useAmplify(pool)
    await signIn({ username: 'alice', password: 'secret' })
    pool.clearLog()
    return { pool, stored }
  }

  test('two throttled answers are got over by its own retries', async () => {
    const { pool } = await signedIn()
    pool.fail({
      operation: REFRESH,
      times: 2,
      with: { kind: 'error', name: 'TooManyRequestsException' },
    })
    expect((await fetchAuthSession({ forceRefresh: true })).tokens).toBeDefined()
    expect(pool.log.map(({ outcome }) => outcome)).toEqual(['not-run', 'not-run', 'ok'])
  })

  test.each<[string, Fault, string, number]>([
    ['a dropped connection', { kind: 'drop' }, 'NetworkError', 3],
    [
      'a server error',
      { kind: 'error', name: 'InternalErrorException' },
      'InternalErrorException',
      3,
    ],
    ['the page of a proxy', { kind: 'html' }, 'SyntaxError', 1],
    [
      'a refusal by the firewall',
      { kind: 'error', name: 'ForbiddenException', status: 403 },
      'ForbiddenException',
      1,
    ],
  ])('%s leaves the tokens where they are', async (_, fault, name, tries) => {
    const { pool, stored } = await signedIn()
    pool.fail({ operation: REFRESH, with: fault })
    await expect(fetchAuthSession({ forceRefresh: true })).rejects.toMatchObject({ name })
    expect(pool.log).toHaveLength(tries)
    expect(storedTokens(stored)).toHaveLength(3)
  })

  test('a lost answer makes it retry with a spent token, and be signed out', async () => {
    const { pool, stored } = await signedIn()
    pool.fail({ operation: REFRESH, times: 1, with: { kind: 'drop', afterWork: true } })
    await expect(fetchAuthSession({ forceRefresh: true })).rejects.toMatchObject({
      name: 'RefreshTokenReuseException',
    })
    expect(storedTokens(stored)).toEqual([])
    expect(pool.log.map(({ outcome, answer }) => [outcome, answer])).toEqual([
      ['ok', 'dropped'],
      ['RefreshTokenReuseException', 'sent'],
    ])
  })

  test('a lost answer does no harm within the grace period', async () => {
    const { pool } = await signedIn()
    pool.configure({ rotation: { graceSeconds: 60 } })
    pool.fail({ operation: REFRESH, times: 1, with: { kind: 'drop', afterWork: true } })
    expect((await fetchAuthSession({ forceRefresh: true })).tokens).toBeDefined()
    const [family] = pool.families()
    expect(family).toMatchObject({ refreshes: 2, reuses: 0 })
  })
})
