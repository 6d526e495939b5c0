import assert from 'node:assert/strict'
import { findTokenError } from '@unexpired/core'
import type { TokenErrorCode, TokenErrorKind } from '@unexpired/core'
import type { FaultScript } from '@unexpired/testing'
import type { CaseGroup, ContractCase } from '../contract-case.ts'
import { assertTokenError } from '../evidence.ts'

const fault = (code: TokenErrorCode): FaultScript => ({ name: 'refused', code })
const table: readonly (readonly [FaultScript, TokenErrorCode, TokenErrorKind])[] = [
  ['offline', 'offline', 'offline'],
  ['throttled', 'throttled', 'transient'],
  ['server-error', 'server-error', 'transient'],
  ['html', 'bad-answer', 'transient'],
  ['same-token', 'not-newer', 'transient'],
  [fault('session-expired'), 'session-expired', 'signed-out'],
  [fault('session-revoked'), 'session-revoked', 'signed-out'],
  [fault('token-reused'), 'token-reused', 'signed-out'],
  [fault('account-blocked'), 'account-blocked', 'signed-out'],
  [fault('wrong-client'), 'wrong-client', 'misconfigured'],
  [fault('cors'), 'cors', 'misconfigured'],
  ['bad-token', 'bad-token', 'misconfigured'],
]

const found = ([script, code, kind]: (typeof table)[number], refused: boolean): ContractCase => ({
  name: `${code} is found in what the client throws, ${refused ? 'after a refusal' : 'before sending'}`,
  // Without rotation the fault is all that is wrong, however often it is tried.
  world: { idp: { rotation: false } },
  run: async (world) => {
    const { api, idp, age, send, settle } = world
    if (refused) idp.revokeAccess()
    else await age('expired')
    idp.always(script)
    const result = await settle(send('/echo'))
    assertTokenError(world, result, code)
    assert.equal(findTokenError(result.error)?.kind, kind)
    assert.equal(api.requests.length, refused ? 1 : 0)
  },
})

export const failures: CaseGroup = {
  about: 'when no token can be had',
  cases: [
    ...table.map((row) => found(row, false)),
    ...table.map((row) => found(row, true)),
    {
      name: 'the error says when to try again',
      run: async (world) => {
        const { clock, idp, age, send, settle } = world
        await age('expired')
        idp.always({ name: 'throttled', retryAfterMs: 120_000 })
        const started = clock.now()
        const { error } = await settle(send('/echo'))
        const retryAt = Number(findTokenError(error)?.retryAt)
        assert.ok(retryAt > started + 100_000, `retryAt is ${retryAt}, it started at ${started}`)
      },
    },
    {
      name: 'a lost answer with strict rotation ends the session, and every request is told so',
      run: async (world) => {
        const { idp, age, send, settle } = world
        await age('expired')
        idp.next('lost-answer')
        for (let i = 0; i < 3; i++) {
          const result = await settle(send('/echo'))
          assertTokenError(world, result, 'token-reused')
        }
        assert.equal(idp.spentTwice, 1)
      },
    },
    {
      name: 'the server’s second refusal shows no token in its JSON, its message and its stack',
      run: async ({ idp, land, send }) => {
        const result = send('/refuse')
        await land()
        const { error } = await result
        const { message = '', stack = '' } = (error ?? {}) as Partial<Error>
        const shown = `${message} ${stack} ${JSON.stringify(error)}`
        for (const secret of idp.secrets)
          assert.ok(!shown.includes(secret), 'a token is in the error')
      },
    },
  ],
}
