import assert from 'node:assert/strict'
import type { CaseGroup, ContractCase } from '../contract-case.ts'
import { assertOk, assertServerSaid, tokensIn } from '../evidence.ts'

const stands = (name: string, path: string, status: number): ContractCase => ({
  name,
  run: async ({ api, idp, send }) => {
    assertServerSaid(await send(path), status)
    assert.equal(api.requests.length, 1, 'the request was replayed')
    assert.equal(idp.refreshes.length, 0, 'the token was refreshed')
  },
})
const challenge = (error: string): string =>
  encodeURIComponent(`Bearer realm="api", error="${error}"`)

export const refusals: CaseGroup = {
  about: 'when the API refuses the token',
  cases: [
    {
      name: 'a refused request is replayed once with a new token, and the caller sees that answer alone',
      run: async ({ api, idp, land, send }) => {
        const first = idp.stored?.value
        idp.revokeAccess()
        const result = send('/echo')
        await land()
        assertOk(await result)
        assert.deepEqual(tokensIn(api.requests), [first, idp.stored?.value])
        assert.equal(idp.refreshes.length, 1)
      },
    },
    {
      name: 'twenty refused requests share one refresh',
      run: async ({ api, idp, land, send }) => {
        idp.revokeAccess()
        const results = Array.from({ length: 20 }, () => send('/echo'))
        await land()
        for (const result of await Promise.all(results)) assertOk(result)
        assert.equal(idp.refreshes.length, 1)
        assert.equal(api.requests.filter(({ token }) => token === idp.stored?.value).length, 20)
      },
    },
    {
      name: 'a late refusal of an old token is replayed with the current one, without a refresh',
      run: async ({ api, idp, land, send }) => {
        idp.revokeAccess()
        const held = api.hold('/echo')
        const late = send('/echo?late')
        await held.arrived
        const early = send('/echo?early')
        await land()
        assertOk(await early)
        held.release()
        assertOk(await late)
        assert.equal(idp.refreshes.length, 1)
        assert.equal(api.requests.at(-1)?.token, idp.stored?.value)
      },
    },
    {
      name: 'a second refusal is the caller’s: the server’s own answer, after two requests',
      run: async ({ api, idp, land, send }) => {
        const result = send('/refuse')
        await land()
        assertServerSaid(await result, 401)
        assert.equal(api.requests.length, 2)
        assert.equal(idp.refreshes.length, 1)
      },
    },
    {
      name: 'a server that refuses every token does not cost a refresh each time',
      run: async ({ api, idp, send, settle }) => {
        for (let i = 0; i < 10; i++) assertServerSaid(await settle(send('/refuse')), 401)
        assert.ok(idp.refreshes.length <= 5, `${idp.refreshes.length} refreshes for 10 requests`)
        assert.ok(api.requests.length <= 20)
      },
    },
    stands(
      'insufficient_scope is not cured by a new token',
      `/refuse?challenge=${challenge('insufficient_scope')}`,
      401,
    ),
    stands(
      'insufficient_user_authentication is not cured by a new token',
      `/refuse?challenge=${challenge('insufficient_user_authentication')}`,
      401,
    ),
    stands('a 403 is no refusal of the token', '/status/403', 403),
    stands('a 404 is none either', '/status/404', 404),
    {
      name: 'large refusals hold no connection',
      world: { idp: { lifetimeMs: 24 * 3_600_000 } },
      run: async ({ api, clock, idp, send, settle }) => {
        api.refusalBytes = 256 * 1_024
        for (let round = 0; round < 20; round++) {
          idp.revokeAccess()
          assertOk(await settle(send('/echo')))
          await clock.advance(120_000)
        }
        assert.equal(api.requests.length, 40)
        assert.ok(api.openSockets <= 4, `${api.openSockets} connections are open after 20 refusals`)
      },
    },
  ],
}
