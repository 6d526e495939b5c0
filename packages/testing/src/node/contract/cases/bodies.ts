import assert from 'node:assert/strict'
import type { CaseGroup, ContractCase } from '../contract-case.ts'
import { assertOk, assertServerSaid } from '../evidence.ts'
import { everything } from '../harness.ts'
import type { BodyKind } from '../harness.ts'
import { bodyOf, bytes, withoutBoundary } from '../body-contents.ts'

const replays = (kind: BodyKind): ContractCase => ({
  name: `a body of ${kind} is replayed byte for byte`,
  needs: (can) => can.bodies.includes(kind),
  run: async ({ api, idp, land, send, sendBare }) => {
    await sendBare('/echo?public', { method: 'POST', body: bodyOf(kind) })
    idp.revokeAccess()
    const result = send('/echo', { method: 'POST', body: bodyOf(kind) })
    await land()
    assertOk(await result)
    const [bare, ...sent] = api.requests.map(({ method, headers, bodyHash, bodyLength }) => ({
      method,
      bodyHash,
      bodyLength,
      type: withoutBoundary(headers['content-type']),
      length: headers['content-length'],
    }))
    assert.ok(bare && bare.bodyLength > 0, 'the client sent no body at all')
    assert.deepEqual(sent, [bare, bare])
  },
})

export const bodies: CaseGroup = {
  about: 'bodies',
  cases: [
    ...everything.bodies.filter((kind) => kind !== 'stream').map(replays),
    {
      name: 'a stream is sent once: the caller gets the refusal, and the next request has a new token',
      needs: (can) => can.bodies.includes('stream'),
      run: async ({ api, idp, clock, send }) => {
        const first = idp.stored?.value
        idp.revokeAccess()
        const body = bodyOf('stream')
        assertServerSaid(await send('/echo', { method: 'POST', body }), 401)
        assert.equal(api.requests.length, 1, 'the stream was replayed')
        assert.equal(api.requests[0]?.bodyLength, bytes.length)
        await clock.advance(1_000)
        assertOk(await send('/echo'))
        assert.notEqual(api.requests[1]?.token, first)
        assert.equal(idp.refreshes.length, 1)
      },
    },
    {
      name: 'a stream waits for a refresh and arrives whole',
      needs: (can) => can.bodies.includes('stream'),
      run: async ({ api, age, land, send }) => {
        await age('expired')
        const body = bodyOf('stream')
        const result = send('/echo', { method: 'POST', body })
        await land()
        assertOk(await result)
        assert.deepEqual(
          api.requests.map(({ bodyLength }) => bodyLength),
          [bytes.length],
        )
      },
    },
  ],
}
