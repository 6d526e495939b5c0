import { connect } from 'node:net'
import type { ResourcesConfig } from 'aws-amplify'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { call, initiateAuth, refresh, signIn } from '../test/call.ts'
import { startPool } from '../test/start-pool.ts'
import { createUserPool, type AmplifyConfig, type UserPoolOptions } from './index.ts'

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
})

describe('a bad option fails at once, with its name and what it may be', () => {
  test.each<[string, unknown, string]>([
    [
      'a word that it does not know',
      { accessTokenSecond: 60 },
      'createUserPool has no option accessTokenSecond. It knows users, port, userPoolId, clientId, issuer, signingKeys, now, accessTokenSeconds, idTokenSeconds, refreshTokenSeconds, rotation, clockOffsetSeconds, preventUserExistenceErrors.',
    ],
    [
      'a lifetime of nothing',
      { accessTokenSeconds: 0 },
      'accessTokenSeconds must be a whole number of seconds from 1 to 86400; got 0.',
    ],
    [
      'a lifetime that is text',
      { idTokenSeconds: '60' },
      'idTokenSeconds must be a whole number of seconds from 1 to 86400; got "60".',
    ],
    [
      'a lifetime in pieces',
      { refreshTokenSeconds: 1.5 },
      'refreshTokenSeconds must be a whole number of seconds from 1 to 315360000; got 1.5.',
    ],
    [
      'a grace period that Cognito would not have',
      { rotation: { graceSeconds: 61 } },
      'rotation.graceSeconds must be a whole number of seconds from 0 to 60; got 61.',
    ],
    [
      'rotation with a word that it does not know',
      { rotation: { grace: 1 } },
      'rotation has no option grace. It knows graceSeconds, revokeFamilyOnReuse.',
    ],
    ['rotation that is none', { rotation: 'on' }, 'rotation must be an object; got "on".'],
    [
      'a flag that is none',
      { preventUserExistenceErrors: 'yes' },
      'preventUserExistenceErrors must be true or false; got "yes".',
    ],
    [
      'an offset that is none',
      { clockOffsetSeconds: Number.NaN },
      'clockOffsetSeconds must be a whole number of seconds from -315360000 to 315360000; got NaN.',
    ],
    [
      'a port that is none',
      { port: 70_000 },
      'port must be a whole number from 0 to 65535; got 70000.',
    ],
    [
      'a pool id without a region',
      { userPoolId: 'pool' },
      'userPoolId must be a region, an underscore and letters or digits, such as us-east-1_Emulator1; got "pool".',
    ],
    [
      'a client id with a space',
      { clientId: 'a b' },
      'clientId must be 1 to 128 letters, digits, _ or +; got "a b".',
    ],
    [
      'an issuer that is too long to show',
      { issuer: 'x'.repeat(60) },
      `issuer must be an http or https URL without a slash at its end; got "${'x'.repeat(40)}…".`,
    ],
    [
      'an issuer with a slash at its end',
      { issuer: 'https://id.example/' },
      'issuer must be an http or https URL without a slash at its end; got "https://id.example/".',
    ],
    [
      'keys of another origin',
      { signingKeys: {} },
      'signingKeys must be what createSigningKeys() gave.',
    ],
    ['a clock that is none', { now: 5 }, 'now must be a function that gives epoch milliseconds.'],
    ['users that are none', { users: ['alice'] }, 'users must be an object; got an array.'],
    [
      'a user that is none',
      { users: { alice: () => 'secret' } },
      'users.alice must be an object; got a function.',
    ],
    [
      'a user without a name',
      { users: { '': 'secret' } },
      'The name of a user must be 1 to 128 characters without spaces; got "".',
    ],
    [
      'a user without a password',
      { users: { alice: '' } },
      'users.alice.password must be a string of at least one character.',
    ],
    [
      'a password that is a number, without showing it',
      { users: { alice: { password: 1234 } } },
      'users.alice.password must be a string of at least one character.',
    ],
    [
      'an address that is none',
      { users: { alice: { password: 'x', email: 'alice' } } },
      'users.alice.email must be an e-mail address; got "alice".',
    ],
    [
      'a sub that is none',
      { users: { alice: { password: 'x', sub: '' } } },
      'users.alice.sub must be a string without spaces; got "".',
    ],
    [
      'groups that are none',
      { users: { alice: { password: 'x', groups: 'admins' } } },
      'users.alice.groups must be an array of strings.',
    ],
    [
      'attributes that are none',
      { users: { alice: { password: 'x', attributes: { a: 1 } } } },
      'users.alice.attributes must be an object whose values are strings.',
    ],
    [
      'a user with a word that it does not know',
      { users: { alice: { password: 'x', role: 'admin' } } },
      'users.alice has no option role. It knows password, email, sub, groups, attributes.',
    ],
    ['options that are none', null, 'createUserPool must be an object; got null.'],
  ])('%s', async (_, options, message) => {
    await expect(createUserPool(options as UserPoolOptions)).rejects.toThrow(new TypeError(message))
  })

  test('an option that is undefined counts as not given', async () => {
    const nothing = {
      users: undefined,
      port: undefined,
      rotation: undefined,
      accessTokenSeconds: undefined,
      now: undefined,
    }
    const pool = await startPool(nothing)
    expect(pool.users).toEqual([])
  })
})
