import assert from 'node:assert/strict'
import type { CaseGroup } from '../contract-case.ts'
import { assertOk, tokensIn } from '../evidence.ts'

export const refreshing: CaseGroup = {
  about: 'refreshing before it is too late',
  cases: [
    {
      name: 'a stale token is used, and refreshed in the background',
      run: async ({ api, idp, age, land, refreshing: inAir, send }) => {
        const first = idp.stored?.value
        await age('stale')
        assertOk(await send('/echo'))
        await inAir()
        assert.deepEqual(tokensIn(api.requests), [first])
        await land()
        assertOk(await send('/echo'))
        assert.notEqual(api.requests[1]?.token, first)
        assert.equal(idp.refreshes.length, 1)
      },
    },
    {
      name: 'many requests with a stale token start one refresh',
      run: async ({ idp, age, send }) => {
        await age('stale')
        const results = await Promise.all(Array.from({ length: 20 }, () => send('/echo')))
        for (const result of results) assertOk(result)
        assert.equal(idp.refreshes.length, 1)
      },
    },
    {
      name: 'a refresh that fails in the background harms no request',
      run: async ({ idp, age, land, send }) => {
        await age('stale')
        idp.always('server-error')
        assertOk(await send('/echo'))
        await land()
        assertOk(await send('/echo'))
      },
    },
    {
      name: 'a source that hangs or throws in the background harms no request',
      run: async ({ clock, idp, age, send }) => {
        await age('stale')
        idp.next('throws', 'no-answer')
        assertOk(await send('/echo'))
        await clock.advance(5_000)
        assertOk(await send('/echo'))
        await clock.advance(15_000)
        assertOk(await send('/echo'))
      },
    },
    {
      name: 'with an expired token a request waits for the refresh and leaves once, with the new token',
      run: async ({ api, idp, age, refreshing: inAir, land, send }) => {
        await age('expired')
        const result = send('/echo')
        await inAir()
        assert.equal(api.requests.length, 0, 'the request left before the refresh was back')
        await land()
        assertOk(await result)
        assert.deepEqual(tokensIn(api.requests), [idp.stored?.value])
      },
    },
    {
      name: 'twenty requests with an expired token share one refresh',
      run: async ({ api, idp, age, land, send }) => {
        await age('expired')
        const results = Array.from({ length: 20 }, () => send('/echo'))
        await land()
        for (const result of await Promise.all(results)) assertOk(result)
        assert.equal(idp.refreshes.length, 1)
        assert.equal(idp.spentTwice, 0)
        assert.deepEqual(tokensIn(api.requests), Array(20).fill(idp.stored?.value))
      },
    },
    {
      name: 'two clients on one policy share one refresh',
      run: async ({ api, idp, age, land, send, sendFrom }) => {
        await age('expired')
        const results = [send('/echo'), sendFrom(api.origin, '/echo')]
        await land()
        for (const result of await Promise.all(results)) assertOk(result)
        assert.equal(idp.refreshes.length, 1)
      },
    },
    {
      name: 'a request that the client repeats by itself carries the token of that moment',
      needs: (can) => can.ownRetry,
      run: async ({ api, clock, idp, policy, send }) => {
        const first = idp.stored?.value
        const held = api.hold('/flaky')
        const result = send('/flaky?times=1')
        await held.arrived
        const refreshed = policy.refresh()
        await clock.advance(1_000)
        await refreshed
        held.release()
        assertOk(await result)
        assert.deepEqual(tokensIn(api.requests), [first, idp.stored?.value])
      },
    },
  ],
}
