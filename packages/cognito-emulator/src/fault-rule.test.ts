import { describe, expect, test } from 'vitest'
import { signIn } from '../test/call.ts'
import { startPool } from '../test/start-pool.ts'

describe('a bad rule fails where it is written', () => {
  test.each<[string, unknown, string]>([
    ['no fault', {}, "with must be an object such as { kind: 'drop' }."],
    [
      'an unknown kind',
      { with: { kind: 'explode' } },
      'with.kind must be one of error, throttle, status, html, drop, delay, no-answer; got "explode".',
    ],
    [
      'an option of another kind',
      { with: { kind: 'drop', status: 500 } },
      'with, for kind drop, has no option status. It knows kind, delayMs, afterWork.',
    ],
    [
      'an error without a name',
      { with: { kind: 'error' } },
      'with.name must be the name of an error, such as NotAuthorizedException; got undefined.',
    ],
    [
      'a status that is none',
      { with: { kind: 'status', status: 700 } },
      'with.status must be a whole number from 200 to 599; got 700.',
    ],
    [
      'a status left out',
      { with: { kind: 'status' } },
      'with.status must be a whole number from 200 to 599; got undefined.',
    ],
    [
      'a delay left out',
      { with: { kind: 'delay' } },
      'with.delayMs must be a whole number of milliseconds from 0 to 600000; got undefined.',
    ],
    [
      'a number in the place of a flag',
      { with: { kind: 'drop', afterWork: 1 } },
      'with.afterWork must be true or false; got 1.',
    ],
    [
      'a flag in the place of a text',
      { with: { kind: 'html', body: true } },
      'with.body must be a string; got true.',
    ],
    [
      'a message that is none',
      { with: { kind: 'error', name: 'X', message: [] } },
      'with.message must be a string; got an array.',
    ],
    [
      'CORS that is no flag',
      { with: { kind: 'html', cors: {} } },
      'with.cors must be true or false; got an object.',
    ],
    [
      'a pause that is none',
      { with: { kind: 'throttle', retryAfterSeconds: -1 } },
      'with.retryAfterSeconds must be a whole number of seconds from 0 to 86400; got -1.',
    ],
    [
      'an operation that is not there',
      { operation: 'GetTokenFromRefreshToken', with: { kind: 'drop' } },
      'operation must be one of GetTokensFromRefreshToken, GetUser, GlobalSignOut, InitiateAuth, RespondToAuthChallenge, RevokeToken, jwks, openid-configuration; got "GetTokenFromRefreshToken".',
    ],
    [
      'a number of times that is none',
      { times: 0, with: { kind: 'drop' } },
      'times must be a whole number from 1 to 9007199254740991; got 0.',
    ],
    [
      'a user that is none',
      { user: '', with: { kind: 'drop' } },
      'user must be the name of a user; got "".',
    ],
    [
      'a word that it does not know',
      { count: 2, with: { kind: 'drop' } },
      'fail has no option count. It knows with, operation, user, times.',
    ],
  ])('%s', async (_, rule, message) => {
    const pool = await startPool()
    expect(() => pool.fail(rule as never)).toThrow(new TypeError(message))
    await signIn(pool)
  })
})
