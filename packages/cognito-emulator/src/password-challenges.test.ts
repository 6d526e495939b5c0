import { describe, expect, test } from 'vitest'
import { call, initiateAuth } from '../test/call.ts'
import { createSrpClient, type SrpChallenge } from '../test/srp-client.ts'
import { handClock, startPool } from '../test/start-pool.ts'
import { timestampOf } from './challenge-timestamp.ts'
import type { UserPool } from './index.ts'

describe('PASSWORD_VERIFIER', () => {
  interface Attempt {
    readonly pool: UserPool
    readonly client: ReturnType<typeof createSrpClient>
    readonly challenge: SrpChallenge
    respond(answer: Record<string, string>, ChallengeName?: string): ReturnType<typeof call>
  }

  async function challenged(pool: UserPool, name = 'alice'): Promise<Attempt> {
    const client = createSrpClient()
    const { body } = await initiateAuth(pool, 'USER_SRP_AUTH', {
      USERNAME: name,
      SRP_A: client.srpA,
    })
    const respond: Attempt['respond'] = (ChallengeResponses, ChallengeName = 'PASSWORD_VERIFIER') =>
      call(pool, 'RespondToAuthChallenge', {
        ClientId: pool.clientId,
        ChallengeName,
        ChallengeResponses,
      })
    return { pool, client, challenge: body.ChallengeParameters, respond }
  }

  const NOW = timestampOf(new Date())
  const WRONG = {
    status: 400,
    body: { __type: 'NotAuthorizedException', message: 'Incorrect username or password.' },
  }

  test('can be met once', async () => {
    const pool = await startPool()
    const { client, challenge, respond } = await challenged(pool)
    const answer = client.answer(pool.userPoolId, 'secret', challenge, NOW)
    expect((await respond(answer)).status).toBe(200)
    expect(await respond(answer)).toMatchObject(WRONG)
  })

  test('is over after three minutes', async () => {
    const clock = handClock()
    const pool = await startPool({ now: clock.now })
    const [early, late] = [await challenged(pool), await challenged(pool)]
    clock.pass(179)
    const answer = ({ client, challenge }: Attempt): Record<string, string> =>
      client.answer(pool.userPoolId, 'secret', challenge, NOW)
    expect((await early.respond(answer(early))).status).toBe(200)
    clock.pass(1)
    expect(await late.respond(answer(late))).toMatchObject(WRONG)
  })

  test('is for the user who asked for it', async () => {
    const pool = await startPool({ users: { alice: 'secret', bob: 'secret' } })
    const { client, challenge, respond } = await challenged(pool)
    expect(
      await respond(client.answer(pool.userPoolId, 'secret', challenge, NOW, 'bob')),
    ).toMatchObject(WRONG)
  })

  test('wants the secret block that it gave', async () => {
    const pool = await startPool()
    const { client, challenge, respond } = await challenged(pool)
    const answer = client.answer(pool.userPoolId, 'secret', challenge, NOW)
    expect(await respond({ ...answer, PASSWORD_CLAIM_SECRET_BLOCK: 'AAAA' })).toMatchObject(WRONG)
  })

  test('wants a signature, and no shorter one', async () => {
    const pool = await startPool()
    const { client, challenge, respond } = await challenged(pool)
    const answer = client.answer(pool.userPoolId, 'secret', challenge, NOW)
    expect(await respond({ ...answer, PASSWORD_CLAIM_SIGNATURE: 'AAAA' })).toMatchObject(WRONG)
  })

  test('wants the timestamp in Cognito’s words, and signed as Cognito writes it', async () => {
    const pool = await startPool()
    const inWords = await challenged(pool)
    const iso = inWords.client.answer(
      pool.userPoolId,
      'secret',
      inWords.challenge,
      new Date().toISOString(),
    )
    expect(await inWords.respond(iso)).toMatchObject({
      body: {
        __type: 'InvalidParameterException',
        message: 'TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.',
      },
    })
    const padded = await challenged(pool)
    const answer = padded.client.answer(
      pool.userPoolId,
      'secret',
      padded.challenge,
      'Tue Nov 03 06:05:09 UTC 2026',
    )
    expect(await padded.respond(answer)).toMatchObject(WRONG)
  })

  test('wants all its parameters, and is the only challenge', async () => {
    const pool = await startPool()
    const { respond } = await challenged(pool)
    expect((await respond({ USERNAME: 'alice' })).body.message).toBe(
      'Missing required parameter PASSWORD_CLAIM_SECRET_BLOCK',
    )
    expect((await respond({}, 'SMS_MFA')).body.message).toBe('Invalid session for the user.')
  })

  test('looks the same for a user who is not there, where that is asked for, and cannot be met', async () => {
    const pool = await startPool({ preventUserExistenceErrors: true })
    const [nobody, again, alice] = [
      await challenged(pool, 'nobody'),
      await challenged(pool, 'nobody'),
      await challenged(pool),
    ]
    const shape = (challenge: SrpChallenge): unknown =>
      Object.entries(challenge).map(([name, value]) => [name, typeof value])
    expect(shape(nobody.challenge)).toEqual(shape(alice.challenge))
    expect(nobody.challenge.SALT).toBe(again.challenge.SALT)
    expect(nobody.challenge.SALT).not.toBe(alice.challenge.SALT)
    const answer = nobody.client.answer(pool.userPoolId, 'secret', nobody.challenge, NOW)
    expect(await nobody.respond(answer)).toMatchObject(WRONG)
  })
})
