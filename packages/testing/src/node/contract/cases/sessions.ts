import assert from 'node:assert/strict'
import type { CaseGroup } from '../contract-case.ts'
import { assertOk, assertTokenError } from '../evidence.ts'

export const sessions: CaseGroup = {
  about: 'sign-out and change of user',
  cases: [
    {
      name: 'a sign-out ends the wait, and the refresh that lands later signs nobody back in',
      run: async (world) => {
        const { api, clock, idp, age, refreshing, send } = world
        await age('expired')
        const result = send('/echo')
        await refreshing()
        idp.signOut()
        assertTokenError(world, await result, 'signed-out')
        await clock.advance(5_000)
        assert.equal(idp.stored, undefined)
        assertOk(await send('/echo?public'))
        assert.deepEqual(
          api.requests.map(({ token }) => token),
          [undefined],
        )
      },
    },
    {
      name: 'a request that is refused after a sign-out is not replayed',
      run: async (world) => {
        const { api, idp, send } = world
        const held = api.hold('/echo')
        const result = send('/echo')
        await held.arrived
        idp.revokeAccess()
        idp.signOut()
        held.release()
        assertTokenError(world, await result, 'signed-out')
        assert.equal(api.requests.length, 1)
        assert.equal(idp.refreshes.length, 0)
      },
    },
    {
      name: 'alice’s request that waits is not sent once bob is signed in, neither as alice nor as bob',
      run: async (world) => {
        const { api, clock, idp, age, refreshing, send } = world
        await age('expired')
        const result = send('/echo?alice')
        await refreshing()
        idp.signIn('bob')
        assertTokenError(world, await result, 'user-changed')
        await clock.advance(5_000)
        assert.equal(idp.stored?.identity, 'bob')
        assertOk(await send('/echo?bob'))
        assert.deepEqual(
          api.requests.map(({ url, user }) => [url.includes('bob'), user]),
          [[true, 'bob']],
        )
      },
    },
    {
      name: 'alice’s refused request is never replayed as bob',
      run: async (world) => {
        const { api, idp, send } = world
        const held = api.hold('/echo')
        const result = send('/echo')
        await held.arrived
        idp.revokeAccess()
        idp.signIn('bob')
        held.release()
        assertTokenError(world, await result, 'user-changed')
        assert.deepEqual(
          api.requests.map(({ user }) => user),
          ['alice'],
        )
        assert.equal(idp.refreshes.length, 0)
      },
    },
    {
      name: 'alice’s refused request that waits for a refresh is not replayed once bob is signed in',
      run: async (world) => {
        const { api, clock, idp, refreshing, send } = world
        idp.revokeAccess()
        const result = send('/echo')
        await refreshing()
        idp.signIn('bob')
        assertTokenError(world, await result, 'user-changed')
        await clock.advance(5_000)
        assert.equal(api.requests.length, 1)
        assert.equal(idp.stored?.identity, 'bob')
      },
    },
    {
      name: 'the first request after a change of user is the new user’s',
      run: async ({ api, idp, send }) => {
        assertOk(await send('/echo'))
        idp.signIn('bob')
        assertOk(await send('/echo'))
        assert.deepEqual(
          api.requests.map(({ user }) => user),
          ['alice', 'bob'],
        )
      },
    },
    {
      name: 'when the session has ended, who waits is told why, and nothing is sent',
      run: async (world) => {
        const { api, idp, age, send, settle } = world
        await age('expired')
        idp.endSessions('alice')
        assertTokenError(world, await settle(send('/echo')), 'session-revoked')
        assert.equal(api.requests.length, 0)
        assert.equal(idp.refreshes.length, 1, 'a session that has ended was refreshed again')
        assert.equal(idp.stored, undefined)
      },
    },
    {
      name: 'a disposed policy fails who waits and who comes',
      run: async (world) => {
        const { api, policy, age, refreshing, send } = world
        await age('expired')
        const result = send('/echo')
        await refreshing()
        policy.dispose()
        assertTokenError(world, await result, 'disposed')
        assertTokenError(world, await send('/echo'), 'disposed')
        assert.equal(api.requests.length, 0)
      },
    },
  ],
}
