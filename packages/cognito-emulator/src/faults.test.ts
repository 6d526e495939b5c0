import { describe, expect, test } from 'vitest'
import { call, refresh, signIn } from '../test/call.ts'
import { startPool } from '../test/start-pool.ts'
import type { Fault, UserPool } from './index.ts'

const REFRESH = 'GetTokensFromRefreshToken'

/** A pool with a signed-in alice whose next refreshes meet the fault. */
async function failing(
  fault: Fault,
  times?: number,
): Promise<{ pool: UserPool; refreshToken: string }> {
  const pool = await startPool({ rotation: true })
  const { RefreshToken } = await signIn(pool)
  pool.clearLog()
  pool.fail({ operation: REFRESH, times, with: fault })
  return { pool, refreshToken: RefreshToken }
}

describe('on the wire', () => {
  test('an error is Cognito’s: 400, its name in a header and in the body', async () => {
    const { pool, refreshToken } = await failing({
      kind: 'error',
      name: 'NotAuthorizedException',
      message: 'No.',
    })
    const { status, headers, body } = await refresh(pool, refreshToken)
    expect(status).toBe(400)
    expect(headers.get('x-amzn-errortype')).toBe('NotAuthorizedException:')
    expect(headers.get('x-amzn-errormessage')).toBe('No.')
    expect(headers.get('content-type')).toBe('application/x-amz-json-1.1')
    expect(body).toEqual({ __type: 'NotAuthorizedException', message: 'No.' })
  })

  test.each([
    ['InternalErrorException', undefined, 500],
    ['ServiceUnavailable', undefined, 503],
    ['LimitExceededException', undefined, 400],
    ['ForbiddenException', 403, 403],
  ])('%s with status %s comes with %i', async (name, status, expected) => {
    const { pool, refreshToken } = await failing({ kind: 'error', name, status })
    expect((await refresh(pool, refreshToken)).status).toBe(expected)
  })

  test('throttling says when to come back, if it is told to, and lets a page read that', async () => {
    const { pool, refreshToken } = await failing({
      kind: 'throttle',
      retryAfterSeconds: 7,
      status: 429,
    })
    const answer = await refresh(pool, refreshToken)
    const { headers } = answer
    expect(answer).toMatchObject({ status: 429, body: { __type: 'TooManyRequestsException' } })
    expect(headers.get('retry-after')).toBe('7')
    expect(headers.get('access-control-expose-headers')).toContain('Retry-After')
  })

  test('throttling is 400 and says nothing of the kind by default, as Cognito’s', async () => {
    const { pool, refreshToken } = await failing({ kind: 'throttle' })
    const { status, headers } = await refresh(pool, refreshToken)
    expect([status, headers.get('retry-after')]).toEqual([400, null])
  })

  test('a status has the body that was asked for, or an empty object', async () => {
    const { pool, refreshToken } = await failing({ kind: 'status', status: 503 }, 1)
    expect(await refresh(pool, refreshToken)).toMatchObject({ status: 503, text: '{}' })
    pool.fail({ with: { kind: 'status', status: 418, body: '{"message":"short and stout"}' } })
    expect(await refresh(pool, refreshToken)).toMatchObject({
      status: 418,
      body: { message: 'short and stout' },
    })
  })

  test('HTML is what a proxy sends', async () => {
    const { pool, refreshToken } = await failing({ kind: 'html' }, 1)
    const { status, headers, text } = await refresh(pool, refreshToken)
    expect([status, headers.get('content-type')]).toEqual([502, 'text/html'])
    expect(text).toMatch(/^<html>/)
    pool.fail({ with: { kind: 'html', status: 200, body: '<h1>Log in to the train’s Wi-Fi</h1>' } })
    expect(await refresh(pool, refreshToken)).toMatchObject({
      status: 200,
      text: '<h1>Log in to the train’s Wi-Fi</h1>',
    })
  })

  test.each(['status', 'html'] as const)(
    '%s can come without CORS, so that a page sees a network error',
    async (kind) => {
      const { pool, refreshToken } = await failing({ kind, status: 502, cors: false }, 1)
      expect(
        (await refresh(pool, refreshToken)).headers.get('access-control-allow-origin'),
      ).toBeNull()
      expect((await refresh(pool, refreshToken)).headers.get('access-control-allow-origin')).toBe(
        '*',
      )
    },
  )

  test('a dropped connection is a reset before anything was done', async () => {
    const { pool, refreshToken } = await failing({ kind: 'drop' }, 1)
    await expect(refresh(pool, refreshToken)).rejects.toMatchObject({
      name: 'TypeError',
      cause: { code: 'ECONNRESET' },
    })
    expect(pool.log).toMatchObject([{ outcome: 'not-run', answer: 'dropped', fault: 'drop' }])
    expect(await refresh(pool, refreshToken)).toMatchObject({ status: 200 })
  })

  test('a lost answer is a reset after the token was spent', async () => {
    const { pool, refreshToken } = await failing({ kind: 'drop', afterWork: true }, 1)
    await expect(refresh(pool, refreshToken)).rejects.toThrow(TypeError)
    expect(pool.log).toMatchObject([{ outcome: 'ok', answer: 'dropped', fault: 'drop' }])
    expect(await refresh(pool, refreshToken)).toMatchObject({
      body: { __type: 'RefreshTokenReuseException' },
    })
  })

  test.each<Fault>([
    { kind: 'error', name: 'InternalErrorException', status: 504 },
    { kind: 'throttle', status: 504 },
    { kind: 'status', status: 504 },
    { kind: 'html', status: 504 },
  ])('$kind can come after the work as well', async (fault) => {
    const { pool, refreshToken } = await failing({ ...fault, afterWork: true })
    expect((await refresh(pool, refreshToken)).status).toBe(504)
    expect(pool.families()).toMatchObject([{ refreshes: 1 }])
  })

  test.each([false, true])('a delay comes before the work, or after it: %s', async (afterWork) => {
    const { pool, refreshToken } = await failing({ kind: 'delay', delayMs: 150, afterWork }, 1)
    const startedAt = performance.now()
    const answer = refresh(pool, refreshToken)
    await expect.poll(() => pool.log[0]?.outcome).toBe(afterWork ? 'ok' : 'running')
    expect(pool.log).toMatchObject([{ answer: 'pending', tookMs: 0 }])
    expect(await answer).toMatchObject({ status: 200 })
    expect(performance.now() - startedAt).toBeGreaterThan(145)
    expect(pool.log[0]?.tookMs).toBeGreaterThan(145)
    expect(pool.families()).toMatchObject([{ refreshes: 1 }])
  })

  test('any fault can be late', async () => {
    const { pool, refreshToken } = await failing({ kind: 'html', delayMs: 100 }, 1)
    const startedAt = performance.now()
    expect((await refresh(pool, refreshToken)).status).toBe(502)
    expect(performance.now() - startedAt).toBeGreaterThan(95)
  })

  test('no answer is none, until the client gives up', async () => {
    const { pool, refreshToken } = await failing({ kind: 'no-answer' }, 1)
    const abort = new AbortController()
    const answer = refresh(pool, refreshToken, { signal: abort.signal })
    await expect.poll(() => pool.log[0]?.answer).toBe('none')
    abort.abort()
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
    expect(pool.families()).toMatchObject([{ refreshes: 0 }])
  })
})

describe('which requests', () => {
  test('as many as was said, and not one more', async () => {
    const { pool, refreshToken } = await failing({ kind: 'throttle' }, 2)
    const statuses = [
      await refresh(pool, refreshToken),
      await refresh(pool, refreshToken),
      await refresh(pool, refreshToken),
    ]
    expect(statuses.map(({ status }) => status)).toEqual([400, 400, 200])
  })

  test('all, until the fault is taken back', async () => {
    const pool = await startPool()
    const fault = pool.fail({ with: { kind: 'throttle' } })
    await expect(signIn(pool)).rejects.toThrow('TooManyRequestsException')
    await expect(signIn(pool)).rejects.toThrow('TooManyRequestsException')
    expect(fault.met).toBe(2)
    fault.clear()
    await signIn(pool)
    expect(fault.met).toBe(2)
  })

  test('the oldest rule first, so that a script of faults can be written down', async () => {
    const { pool, refreshToken } = await failing({ kind: 'status', status: 500 }, 1)
    pool.fail({ operation: REFRESH, times: 1, with: { kind: 'status', status: 502 } })
    pool.fail({ operation: REFRESH, with: { kind: 'status', status: 503 } })
    const answers = [
      await refresh(pool, refreshToken),
      await refresh(pool, refreshToken),
      await refresh(pool, refreshToken),
    ]
    expect(answers.map(({ status }) => status)).toEqual([500, 502, 503])
    pool.clearFaults()
    expect((await refresh(pool, refreshToken)).status).toBe(200)
  })

  test('only those of one operation', async () => {
    const pool = await startPool()
    pool.fail({ operation: 'GetUser', with: { kind: 'throttle' } })
    const { AccessToken, RefreshToken } = await signIn(pool)
    expect((await refresh(pool, RefreshToken)).status).toBe(200)
    expect((await call(pool, 'GetUser', { AccessToken })).status).toBe(400)
  })

  test('only those of one user', async () => {
    const pool = await startPool({ users: { alice: 'secret', bob: 'secret' }, rotation: true })
    const [alice, bob] = [await signIn(pool, 'alice'), await signIn(pool, 'bob')]
    pool.fail({ user: 'bob', with: { kind: 'throttle' } })
    expect((await refresh(pool, alice.RefreshToken)).status).toBe(200)
    expect((await refresh(pool, bob.RefreshToken)).status).toBe(400)
    expect((await call(pool, 'GetUser', bob)).status).toBe(400)
    await expect(signIn(pool, 'bob')).rejects.toThrow('TooManyRequestsException')
  })

  test('those for the keys only where that is said, because another party fetches them', async () => {
    const pool = await startPool()
    const everything = pool.fail({ times: 1, with: { kind: 'status', status: 503 } })
    expect((await fetch(pool.jwksUri)).status).toBe(200)
    expect(everything.met).toBe(0)
    pool.fail({ operation: 'jwks', with: { kind: 'status', status: 503 } })
    expect((await fetch(pool.jwksUri)).status).toBe(503)
  })

  test('never a preflight, or a page would count twice', async () => {
    const pool = await startPool()
    const fault = pool.fail({ with: { kind: 'drop' } })
    expect((await fetch(pool.endpoint, { method: 'OPTIONS' })).status).toBe(200)
    expect(fault.met).toBe(0)
  })
})
