import { describe, expect, test } from 'vitest'
import { startPool } from '../test/start-pool.ts'
import { createUserPool, type UserPoolOptions } from './index.ts'

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
