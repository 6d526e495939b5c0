import { Readable } from 'node:stream'
import { afterEach, expect, test, vi } from 'vitest'

import { recordedFetch } from '../test/recorded-fetch.ts'
import { createWorld } from '@unexpired/adapter-tests/world'
import { withAuth } from './with-auth.ts'

afterEach(() => vi.restoreAllMocks())

/** As npm's form-data is: it can be appended to as a form, and be read once. */
const formStream = (): object => Object.assign(Readable.from(['a']), { append: () => {} })

test('a Request with a body is replayed from a clone, byte for byte', async () => {
  const { api, policy, refuse } = await createWorld()
  refuse()
  const form = new FormData()
  form.append('file', new Blob(['ü'], { type: 'text/plain' }), 'a.txt')
  const request = new Request(`${api.origin}/echo`, { method: 'POST', body: form })
  expect((await withAuth(fetch, policy)(request)).status).toBe(200)
  const [first, second] = api.requests.map(({ headers, bodyText }) => [
    headers['content-type'],
    bodyText,
  ])
  expect(first?.[1]).toContain('a.txt')
  expect(second).toEqual(first)
})

test('a Request is cloned only when it may have a body that is sent', async () => {
  const { api, policy } = await createWorld()
  const clone = vi.spyOn(Request.prototype, 'clone')
  const send = withAuth(fetch, policy)
  const url = `${api.origin}/echo`
  await send(new Request(url))
  await send(new Request(url, { method: 'HEAD' }))
  await send(new Request(url, { method: 'POST', body: 'of the request' }), { body: 'of the call' })
  expect(clone).toHaveBeenCalledTimes(0)
  await send(new Request(url, { method: 'POST', body: 'of the request' }))
  expect(clone).toHaveBeenCalledTimes(1)
  expect(api.requests.map(({ bodyText }) => bodyText)).toEqual([
    '',
    '',
    'of the call',
    'of the request',
  ])
})

// Deno makes a stream of a text that is looked at, and sends it in chunks.
test('nobody looks at the body of a Request', async () => {
  const { api, policy, refuse } = await createWorld()
  refuse()
  const request = new Request(`${api.origin}/echo`, { method: 'POST', body: 'a' })
  const looked = vi.fn<() => undefined>()
  Object.defineProperty(request, 'body', { get: looked })
  await withAuth(fetch, policy)(request)
  expect(looked).not.toHaveBeenCalled()
  expect(api.requests.map(({ bodyText }) => bodyText)).toEqual(['a', 'a'])
})

// Bun takes `null` for a body, and sends nothing in place of what the Request has.
test('no body is named in place of that of a Request', async () => {
  const { api, policy, refuse } = await createWorld()
  refuse()
  const transport = recordedFetch()
  const request = new Request(`${api.origin}/echo`, { method: 'POST', body: 'a' })
  await withAuth(transport, policy)(request)
  expect(transport.calls.map(({ init }) => init && 'body' in init)).toEqual([false, false])
})

test.each([
  [
    'a buffer',
    () => new Uint8Array([1, 2, 3]).buffer,
    (it: ArrayBuffer) => new Uint8Array(it).fill(9),
  ],
  ['a view', () => new Uint8Array([1, 2, 3]).subarray(1), (it: Uint8Array) => it.fill(9)],
  ['search params', () => new URLSearchParams('a=1'), (it: URLSearchParams) => it.set('a', '2')],
  [
    'a form',
    () => {
      const form = new FormData()
      form.append('a', '1')
      form.append('b', new File(['c'], 'd.txt'))
      return form
    },
    (it: FormData) => it.delete('a'),
  ],
] as [string, () => BodyInit, (it: BodyInit) => void][])(
  '%s that its owner changes after the call is sent as it was, both times',
  async (_, make, change) => {
    const { api, policy, refuse, expire } = await createWorld()
    const url = `${api.origin}/echo`
    await fetch(`${url}?public`, { method: 'POST', body: make() })
    refuse()
    for (const wait of [async () => {}, expire]) {
      await wait()
      const body = make()
      const answer = withAuth(fetch, policy)(url, { method: 'POST', body })
      change(body)
      expect((await answer).status).toBe(200)
    }
    const hashes = api.requests.map(({ bodyHash }) => bodyHash)
    expect(hashes).toEqual(Array.from(hashes, () => hashes[0]))
    expect(hashes.length).toBe(4)
  },
)

test.each([
  ['a stream', () => new Blob(['abc']).stream()],
  ['an async iterable', () => Readable.from(['abc'])],
  ['a form that is a stream', formStream],
])('%s is sent once, and its refusal stands', async (_, make) => {
  const { api, idp, policy, refuse } = await createWorld()
  const first = idp.stored?.value
  refuse()
  const send = withAuth(fetch, policy)
  const init = { method: 'POST', body: make() as BodyInit, duplex: 'half' }
  expect((await send(`${api.origin}/echo`, init)).status).toBe(401)
  expect(api.requests.length).toBe(1)
  await expect.poll(() => idp.stored?.value).not.toBe(first)
  expect((await send(`${api.origin}/echo`)).status).toBe(200)
  expect(api.requests[1]?.token).toBe(idp.stored?.value)
})
