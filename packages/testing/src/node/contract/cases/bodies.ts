import assert from 'node:assert/strict'
import type { CaseGroup, ContractCase } from '../contract-case.ts'
import { assertOk, assertServerSaid } from '../evidence.ts'
import type { BodyKind } from '../harness.ts'

const bytes = Uint8Array.from({ length: 3_000 }, (_, i) => (i * 7) % 256)
const file = (): Blob => new Blob([bytes], { type: 'image/png' })

/** Each makes a new body of the same bytes. */
const contents: Readonly<Record<BodyKind, () => unknown>> = {
  text: () => 'plain words, ümläuts and 🙂',
  json: () => ({ query: '{ me { name } }', list: [1, 2, 3], word: 'ü🙂' }),
  'search-params': () =>
    new URLSearchParams([
      ['a', '1'],
      ['a', '2'],
      ['b', 'ü & ='],
    ]),
  'form-data': () => {
    const form = new FormData()
    form.append('field', 'ü')
    form.append('field', 'again')
    form.append('file', file(), 'picture.png')
    return form
  },
  blob: file,
  'array-buffer': () => bytes.slice().buffer,
  // A view that is not its whole buffer, which is where copies go wrong.
  'typed-array': () => bytes.slice().subarray(100, 2_000),
  stream: () =>
    new ReadableStream({
      start: (controller) => {
        controller.enqueue(bytes.slice(0, 1_000))
        controller.enqueue(bytes.slice(1_000))
        controller.close()
      },
    }),
}

const withoutBoundary = (type: string | undefined): string | undefined =>
  type?.replace(/boundary=.*/, '')

const replays = (kind: BodyKind): ContractCase => ({
  name: `a body of ${kind} is replayed byte for byte`,
  needs: (can) => can.bodies.includes(kind),
  run: async ({ api, idp, land, send, sendBare }) => {
    const body = (): { kind: BodyKind; content: unknown } => ({ kind, content: contents[kind]() })
    await sendBare('/echo?public', { method: 'POST', body: body() })
    idp.revokeAccess(idp.stored?.value ?? '')
    const result = send('/echo', { method: 'POST', body: body() })
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
    ...(Object.keys(contents) as BodyKind[]).filter((kind) => kind !== 'stream').map(replays),
    {
      name: 'a stream is sent once: the caller gets the refusal, and the next request has a new token',
      needs: (can) => can.bodies.includes('stream'),
      run: async ({ api, idp, clock, send }) => {
        const first = idp.stored?.value ?? ''
        idp.revokeAccess(first)
        const body = { kind: 'stream' as const, content: contents.stream() }
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
        const body = { kind: 'stream' as const, content: contents.stream() }
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
