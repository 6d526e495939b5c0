import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { ResourcesConfig } from 'aws-amplify'
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest'
import { call, initiateAuth, refresh, signIn } from '../test/call.ts'
import { startPool } from '../test/start-pool.ts'
import { createUserPool, type AmplifyConfig } from './index.ts'

describe('a pool', () => {
  test('says all that a client has to know', async () => {
    const pool = await startPool({ userPoolId: 'eu-west-1_Abc', clientId: 'client1' })
    expect(pool.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(pool).toMatchObject({
      region: 'eu-west-1',
      issuer: `${pool.endpoint}/eu-west-1_Abc`,
      jwksUri: `${pool.endpoint}/eu-west-1_Abc/.well-known/jwks.json`,
      amplifyConfig: {
        Auth: {
          Cognito: {
            userPoolId: 'eu-west-1_Abc',
            userPoolClientId: 'client1',
            userPoolEndpoint: pool.endpoint,
          },
        },
      },
    })
    expectTypeOf<AmplifyConfig>().toExtend<ResourcesConfig>()
  })

  test('has the same ids each time, so that what a browser stored still fits', async () => {
    const [one, two] = [await startPool(), await startPool()]
    expect([one.userPoolId, one.clientId]).toEqual([two.userPoolId, two.clientId])
  })

  test('listens on the port that was asked for, and says so where it is taken', async () => {
    const pool = await startPool()
    const port = Number(new URL(pool.endpoint).port)
    await expect(createUserPool({ port })).rejects.toThrow(
      `Cannot listen on port ${port} (EADDRINUSE). Choose another port, or 0 for any free one.`,
    )
    await pool.close()
    expect((await startPool({ port })).endpoint).toBe(`http://127.0.0.1:${port}`)
  })

  test('shows no key and no token to whoever prints it', async () => {
    const pool = await startPool({ users: { alice: 'a-very-secret-password' }, rotation: true })
    const { RefreshToken, AccessToken } = await signIn(pool, 'alice', 'a-very-secret-password')
    await refresh(pool, RefreshToken)
    await call(pool, 'GetUser', { AccessToken })
    const printed = JSON.stringify([pool, pool.log, pool.families()])
    for (const secret of [RefreshToken, AccessToken, 'a-very-secret-password'])
      expect(printed).not.toContain(secret)
  })
})

describe('users', () => {
  test('can be added and replaced while the pool runs', async () => {
    const pool = await startPool()
    pool.addUser('bob', 'hidden')
    await signIn(pool, 'bob', 'hidden')
    pool.addUser('bob', 'changed')
    await expect(signIn(pool, 'bob', 'hidden')).rejects.toThrow('NotAuthorizedException')
    await signIn(pool, 'bob', 'changed')
    expect(pool.users).toEqual(['alice', 'bob'])
  })

  test('can be removed, and then their tokens are of nobody', async () => {
    const pool = await startPool()
    const { AccessToken, RefreshToken } = await signIn(pool)
    expect(pool.removeUser('alice')).toBe(true)
    expect(pool.removeUser('alice')).toBe(false)
    for (const answer of [
      await refresh(pool, RefreshToken),
      await call(pool, 'GetUser', { AccessToken }),
    ]) {
      expect(answer.body).toEqual({
        __type: 'UserNotFoundException',
        message: 'User does not exist.',
      })
    }
    pool.addUser('alice', 'secret')
    expect((await refresh(pool, RefreshToken)).body.message).toBe('Refresh Token has been revoked')
  })

  test('can be signed out by an administrator, and told apart from others', async () => {
    const pool = await startPool({ users: { alice: 'secret', bob: 'secret' } })
    const [alice, , bob] = [await signIn(pool), await signIn(pool), await signIn(pool, 'bob')]
    expect(pool.revokeSessions('alice')).toBe(2)
    expect(pool.revokeSessions('alice')).toBe(0)
    expect((await refresh(pool, alice.RefreshToken)).body.message).toBe(
      'Refresh Token has been revoked',
    )
    expect((await refresh(pool, bob.RefreshToken)).status).toBe(200)
    expect(pool.families('alice').map(({ revokedBy }) => revokedBy)).toEqual([
      'revokeSessions',
      'revokeSessions',
    ])
    expect(pool.families('bob')).toMatchObject([{ user: 'bob', refreshes: 1 }])
  })
})

describe('settings', () => {
  test('can be changed while the pool runs, and the rest stays', async () => {
    const pool = await startPool({ accessTokenSeconds: 60, preventUserExistenceErrors: true })
    pool.configure({ accessTokenSeconds: 120 })
    pool.configure({ idTokenSeconds: 30 })
    expect((await signIn(pool)).ExpiresIn).toBe(120)
    expect(
      await initiateAuth(pool, 'USER_PASSWORD_AUTH', { USERNAME: 'nobody', PASSWORD: 'x' }),
    ).toMatchObject({ body: { __type: 'NotAuthorizedException' } })
    expect(() => pool.configure({ port: 1 } as never)).toThrow(
      /^configure has no option port\. It knows accessTokenSeconds, /,
    )
    expect(() => pool.configure({ accessTokenSeconds: 0 })).toThrow(TypeError)
  })
})

describe('closing', () => {
  test('is fast, whatever hangs: a request without answer, a late one, an idle connection', async () => {
    const pool = await createUserPool({ users: { alice: 'secret' } })
    const { RefreshToken } = await signIn(pool)
    pool.fail({ times: 1, with: { kind: 'no-answer' } })
    const unanswered = refresh(pool, RefreshToken).catch((error: unknown) => error)
    await expect.poll(() => pool.log.at(-1)?.answer).toBe('none')
    pool.fail({ with: { kind: 'delay', delayMs: 60_000 } })
    const late = refresh(pool, RefreshToken).catch((error: unknown) => error)
    await expect.poll(() => pool.log.at(-1)?.fault).toBe('delay')
    const idle = connect(Number(new URL(pool.endpoint).port), '127.0.0.1')
    await new Promise((resolve) => idle.once('connect', resolve))
    const idleEnded = new Promise((resolve) => idle.once('close', resolve))

    const startedAt = performance.now()
    await pool.close()
    await Promise.all([unanswered, late, idleEnded])
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    expect(await unanswered).toBeInstanceOf(TypeError)
    expect(await late).toBeInstanceOf(TypeError)
    expect(pool.families()).toMatchObject([{ refreshes: 0 }])
    await expect(fetch(pool.endpoint)).rejects.toThrow(TypeError)
    await pool.close()
  })

  test('leaves nothing behind that would keep a process alive', async () => {
    const program = `
      import { createUserPool } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)}
      const pool = await createUserPool()
      pool.fail({ with: { kind: 'delay', delayMs: 600_000 } })
      fetch(pool.endpoint, { method: 'POST', body: '{}' }).catch(() => {})
      while (pool.log[0]?.fault !== 'delay') await new Promise((resolve) => setTimeout(resolve, 5))
      await pool.close()`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program])
    onTestFinished(() => void child.kill('SIGKILL'))
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})
