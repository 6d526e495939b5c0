import assert from 'node:assert/strict'
import type { CaseGroup, ContractCase } from '../contract-case.ts'
import { assertOk, assertSawNoToken, assertServerSaid, tokensIn } from '../evidence.ts'

const redirectElsewhere = (status: number): ContractCase => ({
  name: `a redirect by ${status} to another origin carries no token along`,
  needs: (can) => can.redirects,
  run: async (world) => {
    const { api, elsewhere, send } = world
    const to = encodeURIComponent(`${elsewhere.origin}/echo?public`)
    assertOk(await send(`/redirect?status=${status}&to=${to}`))
    assert.equal(api.requests.length, 1)
    assert.equal(elsewhere.requests.length, 1)
    assertSawNoToken(world, elsewhere.requests)
  },
})

export const origins: CaseGroup = {
  about: 'origins',
  cases: [
    {
      name: 'a client whose base URL is elsewhere sends no token, and its refusals stand',
      run: async (world) => {
        const { elsewhere, idp, sendFrom } = world
        assertServerSaid(await sendFrom(elsewhere.origin, '/echo'), 401)
        assert.equal(elsewhere.requests.length, 1)
        assertSawNoToken(world, elsewhere.requests)
        assert.equal(idp.refreshes.length, 0)
      },
    },
    {
      name: 'a request to elsewhere does not wait for a refresh',
      run: async ({ elsewhere, idp, age, sendFrom }) => {
        await age('expired')
        assertOk(await sendFrom(elsewhere.origin, '/echo?public'))
        assert.equal(idp.refreshes.length, 0)
      },
    },
    {
      name: 'an absolute URL elsewhere gets no token, whatever the base URL',
      needs: (can) => can.absoluteUrls,
      run: async (world) => {
        const { elsewhere, idp, send } = world
        assertServerSaid(await send(`${elsewhere.origin}/echo`), 401)
        assert.equal(elsewhere.requests.length, 1)
        assertSawNoToken(world, elsewhere.requests)
        assert.equal(idp.refreshes.length, 0)
      },
    },
    {
      name: 'an absolute URL at a named origin gets the token, whatever the base URL',
      needs: (can) => can.absoluteUrls,
      run: async ({ api, idp, send }) => {
        assertOk(await send(`${api.origin}/echo`))
        assert.deepEqual(tokensIn(api.requests), [idp.stored?.value])
      },
    },
    {
      name: 'another name of the same server is another origin',
      run: async (world) => {
        const { api, sendFrom } = world
        assertOk(await sendFrom(api.origin.replace('127.0.0.1', 'localhost'), '/echo?public'))
        assert.equal(api.requests.length, 1)
        assertSawNoToken(world, api.requests)
      },
    },
    redirectElsewhere(302),
    redirectElsewhere(307),
    {
      name: 'a refusal from where a redirect led is not ours: no refresh, no replay',
      needs: (can) => can.redirects,
      run: async (world) => {
        const { elsewhere, idp, send } = world
        const to = encodeURIComponent(`${elsewhere.origin}/echo`)
        assertServerSaid(await send(`/redirect?to=${to}`), 401)
        assert.equal(elsewhere.requests.length, 1)
        assert.equal(idp.refreshes.length, 0)
      },
    },
    {
      name: 'a redirect within the origin keeps the token',
      needs: (can) => can.redirects,
      run: async ({ api, idp, send }) => {
        assertOk(await send('/redirect?to=/echo'))
        const token = idp.stored?.value
        assert.deepEqual(tokensIn(api.requests), [token, token])
      },
    },
    {
      name: 'a custom header is not carried along by a redirect either',
      needs: (can) => can.redirects,
      world: { policy: { headerName: 'x-token' } },
      run: async (world) => {
        const { api, elsewhere, send } = world
        const to = encodeURIComponent(`${elsewhere.origin}/echo?public`)
        await send(`/redirect?to=${to}`)
        assert.equal(api.requests.length, 1)
        assert.ok(api.requests[0]?.token)
        assertSawNoToken(world, elsewhere.requests)
      },
    },
    {
      name: 'the token is in no address and no body',
      run: async ({ api, idp, send }) => {
        assertOk(
          await send('/echo', {
            method: 'POST',
            body: { kind: 'json', content: { query: '{ a }' } },
          }),
        )
        const [{ url, bodyText } = { url: '', bodyText: '' }] = api.requests
        for (const secret of idp.secrets) assert.ok(!`${url} ${bodyText}`.includes(secret))
      },
    },
  ],
}
