import assert from 'node:assert/strict'
import type { CaseGroup } from '../contract-case.ts'
import { assertOk } from '../evidence.ts'
import { survivors } from '../garbage.ts'
import { until } from '../world.ts'

export const leftovers: CaseGroup = {
  about: 'what is left behind',
  cases: [
    {
      name: 'no timer and no listener after the policy is disposed',
      run: async ({ clock, idp, policy, source, age, land, send }) => {
        await age('expired')
        const result = send('/echo')
        await land()
        assertOk(await result)
        idp.revokeAccess()
        const refused = send('/echo')
        await land()
        assertOk(await refused)
        policy.dispose()
        assert.equal(clock.pending, 0)
        assert.equal(source.listeners, 0)
      },
    },
    {
      name: 'no timer while nothing happens',
      run: async ({ clock, send }) => {
        assertOk(await send('/echo'))
        assert.equal(clock.pending, 0)
      },
    },
    {
      name: 'the requests of a client share its connections as they do without the adapter',
      run: async ({ api, send }) => {
        for (let i = 0; i < 20; i++) assertOk(await send('/echo'))
        await until(() => api.openSockets <= 2, 'at most two connections are open')
      },
    },
    {
      name: 'a thousand clients on one policy are forgotten with their last user',
      needs: (can) => can.collectable,
      run: async ({ attach, policy, send }) => {
        assertOk(await send('/echo'))
        const forgotten = survivors(1_000, attach)
        assert.equal(await forgotten, 0)
        // Held until here: what is forgotten is not forgotten together with the policy.
        assert.ok(policy.snapshot())
      },
    },
  ],
}
