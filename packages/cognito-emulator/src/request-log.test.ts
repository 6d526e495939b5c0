import { connect } from 'node:net'

import { describe, expect, test, vi } from 'vitest'
import { call, refresh, signIn } from '../test/call.ts'
import { startPool } from '../test/start-pool.ts'
import type { LoggedRequest } from './index.ts'
import { createRequestLog } from './request-log.ts'

describe('the log', () => {
  test('has each request with its operation, user, outcome, time and duration', async () => {
    const pool = await startPool()
    const startedAt = Date.now()
    const { AccessToken, RefreshToken } = await signIn(pool)
    await refresh(pool, RefreshToken)
    await refresh(pool, 'made-up')
    await call(pool, 'GetUser', { AccessToken })
    await call(pool, 'GetUser', { AccessToken: 'nonsense' })
    await call(pool, 'RevokeToken', { ClientId: pool.clientId, Token: RefreshToken })
    await signIn(pool, 'nobody').catch(() => {})
    await call(pool, 'InitiateAuth', '')
    await fetch(pool.jwksUri)
    expect(
      pool.log.map(({ operation, user, outcome, status }) => [operation, user, outcome, status]),
    ).toEqual([
      ['InitiateAuth', 'alice', 'ok', 200],
      ['GetTokensFromRefreshToken', 'alice', 'ok', 200],
      ['GetTokensFromRefreshToken', undefined, 'NotAuthorizedException', 400],
      ['GetUser', 'alice', 'ok', 200],
      ['GetUser', undefined, 'NotAuthorizedException', 400],
      ['RevokeToken', 'alice', 'ok', 200],
      ['InitiateAuth', 'nobody', 'UserNotFoundException', 400],
      ['InitiateAuth', undefined, 'SerializationException', 400],
      ['jwks', undefined, 'ok', 200],
    ])
    for (const { at, answer, tookMs } of pool.log) {
      expect(at).toBeGreaterThanOrEqual(startedAt)
      expect(at).toBeLessThanOrEqual(Date.now())
      expect(answer).toBe('sent')
      expect(tookMs).toBeLessThan(Date.now() - startedAt + 1)
    }
  })

  test('names the user of a token that says nothing as nobody', async () => {
    const pool = await startPool()
    const { IdToken } = await signIn(pool)
    await call(pool, 'GetUser', { AccessToken: IdToken })
    expect(pool.log.at(-1)?.user).toBeUndefined()
  })

  test('says of a client that left that it left', async () => {
    const pool = await startPool()
    pool.fail({ with: { kind: 'delay', delayMs: 100 } })
    const abort = new AbortController()
    const answer = refresh(pool, 'made-up', { signal: abort.signal })
    await expect.poll(() => pool.log[0]?.fault).toBe('delay')
    abort.abort()
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
    await expect.poll(() => pool.log[0]?.outcome).toBe('NotAuthorizedException')
    expect(pool.log).toMatchObject([{ answer: 'abandoned' }])
    expect(pool.log[0]?.status).toBeUndefined()
  })

  test('says so too of one that left before it had said what it wanted', async () => {
    const pool = await startPool()
    const socket = connect(Number(new URL(pool.endpoint).port), '127.0.0.1')
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"Cli')
    await expect.poll(() => pool.log.length).toBe(1)
    socket.destroy()
    await expect.poll(() => pool.log[0]?.outcome).toBe('not-run')
    expect(pool.log).toMatchObject([{ operation: 'unknown', answer: 'abandoned' }])
  })

  test('gives out copies, can be emptied, and keeps the last ten thousand', async () => {
    const pool = await startPool()
    await signIn(pool)
    const before = pool.log
    pool.clearLog()
    expect([before.length, pool.log.length]).toEqual([1, 0])
    expect(Object.isFrozen(before[0])).toBe(true)

    const log = createRequestLog()
    for (let count = 0; count <= 10_000; count++) log.open(`operation-${count}`)
    expect(log.entries()).toHaveLength(10_000)
    expect(log.entries()[0]?.operation).toBe('operation-1')
  })

  test('tells whoever listens once of each request, when its end is known, until they stop', async () => {
    const pool = await startPool()
    const told: LoggedRequest[] = []
    const stop = pool.subscribe((request) => told.push(request))
    await signIn(pool)
    expect(told).toEqual(pool.log)
    stop()
    await signIn(pool)
    expect(told).toHaveLength(1)
  })

  test('goes on where a listener throws, and warns', async () => {
    const pool = await startPool()
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    pool.subscribe(() => {
      throw new Error('oh')
    })
    await signIn(pool)
    expect(warned).toHaveBeenCalledExactlyOnceWith('A listener of the request log threw: Error: oh')
  })
})
