import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { findTokenError } from '@unexpired/core'
import type { CaseGroup } from '../contract-case.ts'
import { assertOk, assertTokenError, shapeOf } from '../evidence.ts'
import type { ContractResult } from '../harness.ts'
import type { World } from '../world.ts'

const reason = (): Error => new Error('the user left the page')

/** What this client throws for an abort or a time-out without the adapter. */
const bareEnding = async (
  { sendBare, api }: World,
  how: { timeoutMs: number } | 'abort',
): Promise<ContractResult> => {
  if (how !== 'abort') return sendBare('/hang', how)
  const held = api.hold('/hang')
  const stop = new AbortController()
  const result = sendBare('/hang', { signal: stop.signal })
  await held.arrived
  stop.abort(reason())
  return result
}

const assertEndsAs = (result: ContractResult, bare: ContractResult): void => {
  assert.ok(result.error !== undefined, 'the request did not fail')
  assert.equal(findTokenError(result.error), undefined, 'the caller’s own end came as a TokenError')
  assert.deepEqual(shapeOf(result.error), shapeOf(bare.error))
}

export const waiting: CaseGroup = {
  about: 'while a request waits for a token',
  cases: [
    {
      name: 'an abort ends the wait at once, in the form that the client gives aborts, and nothing is sent',
      needs: (can) => can.abort,
      run: async (world) => {
        const bare = await bareEnding(world, 'abort')
        await world.age('expired')
        const stop = new AbortController()
        const result = world.send('/echo', { signal: stop.signal })
        await world.refreshing()
        stop.abort(reason())
        assertEndsAs(await result, bare)
        assert.equal(world.api.requests.filter(({ url }) => url.includes('echo')).length, 0)
      },
    },
    {
      name: 'after an abort the session is whole, and the next request goes well',
      needs: (can) => can.abort,
      run: async ({ api, idp, age, refreshing, send, settle }) => {
        await age('expired')
        const stop = new AbortController()
        const aborted = send('/echo', { signal: stop.signal })
        await refreshing()
        stop.abort(reason())
        await aborted
        assertOk(await settle(send('/echo')))
        assert.equal(idp.spentTwice, 0)
        assert.equal(api.requests.length, 1)
      },
    },
    {
      name: 'an abort is personal: the others get their token, from the same refresh',
      needs: (can) => can.abort,
      run: async ({ api, idp, age, refreshing, land, send }) => {
        await age('expired')
        const stop = new AbortController()
        const aborted = send('/echo?aborted', { signal: stop.signal })
        const others = [send('/echo'), send('/echo'), send('/echo')]
        await refreshing()
        stop.abort(reason())
        assert.ok((await aborted).error !== undefined)
        await land()
        for (const result of await Promise.all(others)) assertOk(result)
        assert.equal(idp.refreshes.length, 1)
        assert.equal(api.requests.length, 3)
      },
    },
    {
      name: 'a signal that is aborted already sends nothing and refreshes nothing',
      needs: (can) => can.abort,
      run: async ({ api, idp, age, send }) => {
        await age('expired')
        const { error } = await send('/echo', { signal: AbortSignal.abort(reason()) })
        assert.ok(error !== undefined)
        assert.equal(findTokenError(error), undefined)
        assert.equal(api.requests.length, 0)
        assert.equal(idp.refreshes.length, 0)
      },
    },
    {
      name: 'an abort after a refusal, while the refresh is awaited, ends the request without a replay',
      needs: (can) => can.abort,
      run: async (world) => {
        const { api, clock, idp, refreshing, send } = world
        const bare = await bareEnding(world, 'abort')
        idp.revokeAccess()
        const stop = new AbortController()
        const result = send('/echo', { signal: stop.signal })
        await refreshing()
        stop.abort(reason())
        assertEndsAs(await result, bare)
        await clock.advance(5_000)
        assert.equal(api.requests.filter(({ url }) => url.includes('echo')).length, 1)
      },
    },
    {
      name: 'one signal for many requests is left without listeners',
      needs: (can) => can.abort,
      run: async ({ idp, age, land, send, sendBare }) => {
        const { signal } = new AbortController()
        const { signal: bareSignal } = new AbortController()
        await age('expired')
        const results = Array.from({ length: 10 }, () => send('/echo', { signal }))
        await land()
        await Promise.all(results)
        idp.revokeAccess()
        const refused = Array.from({ length: 10 }, () => send('/echo', { signal }))
        await land()
        await Promise.all(refused)
        for (let i = 0; i < 30; i++) await sendBare('/echo', { signal: bareSignal })
        const left = getEventListeners(signal, 'abort').length
        const leftByClient = getEventListeners(bareSignal, 'abort').length
        assert.ok(
          left <= leftByClient,
          `${left} listeners are left; the client itself leaves ${leftByClient}`,
        )
      },
    },
    {
      name: 'the client’s own time limit ends the wait, in its own form',
      needs: (can) => can.timeout,
      run: async (world) => {
        const bare = await bareEnding(world, { timeoutMs: 60 })
        await world.age('expired')
        assertEndsAs(await world.send('/echo', { timeoutMs: 60 }), bare)
        assert.equal(world.api.requests.filter(({ url }) => url.includes('echo')).length, 0)
      },
    },
    {
      name: 'a time limit is personal: the others get their token',
      needs: (can) => can.timeout,
      run: async ({ idp, age, land, send }) => {
        await age('expired')
        const late = send('/echo', { timeoutMs: 60 })
        const other = send('/echo')
        assert.ok((await late).error !== undefined)
        await land()
        assertOk(await other)
        assert.equal(idp.refreshes.length, 1)
      },
    },
    {
      name: 'a source that never answers fails all who wait at the deadline, and the next refresh works',
      run: async (world) => {
        const { api, clock, idp, age, refreshing, send, settle } = world
        await age('expired')
        idp.next('no-answer')
        const results = Array.from({ length: 5 }, () => send('/echo'))
        await refreshing()
        await clock.advance(10_000)
        for (const result of await Promise.all(results)) assertTokenError(world, result, 'timeout')
        assert.equal(api.requests.length, 0)
        await clock.advance(60_000)
        const next = send('/echo')
        await refreshing(2)
        assertOk(await settle(next))
      },
    },
    {
      name: 'a source that throws at once fails who waits, and the next refresh works',
      run: async (world) => {
        const { clock, idp, age, send, settle } = world
        await age('expired')
        idp.always('throws')
        assertTokenError(world, await settle(send('/echo')), 'refresh-failed')
        idp.always(undefined)
        await clock.advance(60_000)
        assertOk(await settle(send('/echo')))
      },
    },
    {
      name: 'a source that rejects with anything fails who waits, and the next refresh works',
      run: async (world) => {
        const { clock, idp, age, send, settle } = world
        await age('expired')
        for (const error of [undefined, 'words', new Error('from the source')]) {
          idp.always({ name: 'rejects', error })
          assertTokenError(world, await settle(send('/echo')), 'refresh-failed')
          await clock.advance(60_000)
        }
        idp.always(undefined)
        assertOk(await settle(send('/echo')))
      },
    },
    {
      name: 'a store that cannot be read fails who has no token, and nobody once it is mended',
      run: async (world) => {
        const { api, source, send } = world
        source.broken.read = new Error('the disk is gone')
        assertTokenError(world, await send('/echo'), 'source-failed')
        assert.equal(api.requests.length, 0)
        delete source.broken.read
        assertOk(await send('/echo'))
      },
    },
  ],
}
