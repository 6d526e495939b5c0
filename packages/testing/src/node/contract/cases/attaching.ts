import assert from 'node:assert/strict'
import type { CaseGroup } from '../contract-case.ts'
import { assertOk, assertServerSaid, assertTokenError, tokensIn } from '../evidence.ts'

export const attaching: CaseGroup = {
  about: 'attaching the token',
  cases: [
    {
      name: 'a fresh token travels in the header',
      run: async ({ api, idp, send }) => {
        assertOk(await send('/echo'))
        assert.deepEqual(
          api.requests.map(({ headers }) => headers.authorization),
          [`Bearer ${idp.stored?.value}`],
        )
        assert.equal(idp.refreshes.length, 0)
      },
    },
    {
      name: 'a custom header carries the token without a scheme',
      world: { policy: { headerName: 'X-Token', scheme: '' } },
      run: async ({ api, idp, send }) => {
        assertOk(await send('/echo'))
        assert.equal(api.requests[0]?.headers['x-token'], idp.stored?.value)
        assert.equal(api.requests[0]?.headers.authorization, undefined)
      },
    },
    {
      name: 'a fresh token makes no request wait: it leaves in the same turn as without the policy',
      needs: (can) => can.observed,
      run: async ({ policy, turnsUntilSent }) => {
        await policy.token()
        // The first call of each warms up what a client does only once.
        await turnsUntilSent('bare')
        await turnsUntilSent('adapter')
        const bare = await turnsUntilSent('bare')
        assert.equal(await turnsUntilSent('adapter'), bare)
      },
    },
    {
      name: 'each request carries the token of its own moment',
      run: async ({ api, idp, policy, clock, send }) => {
        const first = idp.stored?.value
        assertOk(await send('/echo'))
        const refreshed = policy.refresh()
        await clock.advance(1_000)
        await refreshed
        assertOk(await send('/echo'))
        assert.deepEqual(tokensIn(api.requests), [first, idp.stored?.value])
        assert.notEqual(idp.stored?.value, first)
      },
    },
    {
      name: 'the caller’s own header wins, in any spelling, and is not replayed',
      needs: (can) => can.ownHeader,
      run: async ({ api, idp, send }) => {
        const headers = { AUTHORIZATION: 'Basic b3duOm93bg==' }
        assertServerSaid(await send('/echo', { headers }), 401)
        assert.deepEqual(
          api.requests.map((request) => request.headers.authorization),
          ['Basic b3duOm93bg=='],
        )
        assert.equal(idp.refreshes.length, 0)
      },
    },
    {
      name: 'a request that brings its own header does not wait for a refresh',
      needs: (can) => can.ownHeader,
      run: async ({ idp, age, send }) => {
        await age('expired')
        const headers = { authorization: 'Basic b3duOm93bg==' }
        assertOk(await send('/echo?public', { headers }))
        assert.equal(idp.refreshes.length, 0)
      },
    },
    {
      name: 'a request that opts out leaves at once without a token, and its refusal stands',
      needs: (can) => can.optOut,
      run: async ({ api, idp, age, send }) => {
        await age('expired')
        assertServerSaid(await send('/echo', { tokenAuth: false }), 401)
        assert.deepEqual(tokensIn(api.requests), [undefined])
        assert.equal(api.requests[0]?.headers.authorization, undefined)
        assert.equal(idp.refreshes.length, 0)
      },
    },
    {
      name: 'opting in is the same as saying nothing',
      needs: (can) => can.optOut,
      run: async ({ api, idp, send }) => {
        assertOk(await send('/echo', { tokenAuth: true }))
        assert.deepEqual(tokensIn(api.requests), [idp.stored?.value])
      },
    },
    {
      name: 'with nobody signed in, a request leaves without a token',
      run: async ({ api, idp, send }) => {
        idp.signOut()
        assertOk(await send('/echo?public'))
        assert.deepEqual(tokensIn(api.requests), [undefined])
        assert.equal(idp.refreshes.length, 0)
      },
    },
    {
      name: 'with nobody signed in, a refusal says so',
      run: async (world) => {
        world.idp.signOut()
        assertTokenError(world, await world.send('/echo'), 'signed-out')
        assert.equal(world.api.requests.length, 1)
      },
    },
    {
      name: 'with nobody signed in, nothing is sent where the policy forbids it',
      world: { policy: { whenSignedOut: 'refuse' } },
      run: async (world) => {
        world.idp.signOut()
        assertTokenError(world, await world.send('/echo'), 'signed-out')
        assert.equal(world.api.requests.length, 0)
      },
    },
  ],
}
