import { findTokenError, type Policy } from '@unexpired/core'
import { withAuth } from '@unexpired/axios'
import axios, { type AxiosInstance } from 'axios'
import { describe, expect, test } from 'vitest'
import { alice, arrived, newMark, nobodyYet, servers } from '@unexpired/adapter-tests/page'

const { api, apiOfXToken, elsewhere } = servers

interface Echo {
  readonly url: string
  readonly user?: string
  readonly bodyHash: string
  readonly headers: Readonly<Record<string, string>>
}

const to = (url: string): string => `/redirect?to=${encodeURIComponent(url)}`

describe.each([
  ['the xhr adapter', undefined],
  ['the fetch adapter', 'fetch'],
] as const)('in a browser, with %s', (_, adapter) => {
  const create = (policy: Policy, baseURL = api): AxiosInstance =>
    withAuth(axios.create({ baseURL, ...(adapter && { adapter }) }), policy)

  test('a fresh token travels in the header', async () => {
    const { data } = await create((await alice('good')).policy).get<Echo>('/echo')
    expect(data.user).toBe('alice')
  })

  test('a refused request is replayed once with a new token', async () => {
    const mark = newMark()
    const { policy, refreshes } = await alice('refused')
    const { data, config } = await create(policy).get<Echo>(`/echo?${mark}`)
    expect(data.user).toBe('alice')
    expect(config.headers.has('authorization')).toBe(false)
    expect(await arrived(api, mark)).toHaveLength(2)
    expect(refreshes()).toBe(1)
  })

  test.each([
    ['JSON', () => ({ a: ['ü', 1] })],
    ['text', () => 'words'],
    ['parameters', () => new URLSearchParams({ a: 'ü&' })],
    ['a Blob', () => new Blob(['words'], { type: 'image/png' })],
    ['bytes', () => Uint8Array.from([1, 2, 3])],
    [
      'a form',
      () => {
        const form = new FormData()
        form.append('a', 'ü')
        form.append('file', new Blob(['words']), 'a.txt')
        return form
      },
    ],
  ])('%s is replayed byte for byte', async (__, body) => {
    const mark = newMark()
    const { data } = await create((await alice('refused')).policy).post<Echo>(
      `/echo?${mark}`,
      body(),
    )
    const bare = await axios.post<Echo>(`${api}/echo?public`, body(), {
      ...(adapter && { adapter }),
    })
    const requests = await arrived(api, mark)
    expect(requests).toHaveLength(2)
    expect(requests.map(({ bodyHash }) => bodyHash)).toEqual([data.bodyHash, data.bodyHash])
    expect(data.bodyHash).toBe(bare.data.bodyHash)
  })

  test('a redirect to another origin carries no token along', async () => {
    const mark = newMark()
    const { policy } = await alice('good')
    await create(policy).get(to(`${elsewhere}/echo?public&${mark}`))
    const [request] = await arrived(elsewhere, mark)
    expect(request?.headers).toBeDefined()
    expect(request?.headers).not.toHaveProperty('authorization')
  })

  test('a header of another name follows no redirect, and the error says why', async () => {
    const mark = newMark()
    const { policy } = await alice('good', { headerName: 'x-token', scheme: '' })
    const instance = create(policy, apiOfXToken)
    expect((await instance.get<Echo>('/echo')).data.user).toBe('alice')
    const sent = instance.get(to(`${elsewhere}/echo?public&${mark}`))
    const error = await sent.catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'ERR_TOKEN' })
    expect(findTokenError(error)).toMatchObject({ code: 'redirected', kind: 'misconfigured' })
    expect(await arrived(elsewhere, mark)).toEqual([])
  })

  test('an abort ends the wait for a token at once, in axios’s own form', async () => {
    const mark = newMark()
    const { policy, asked } = nobodyYet()
    const stop = new AbortController()
    const sent = create(policy).get(`/echo?${mark}`, { signal: stop.signal })
    const outcome = sent.catch((caught: unknown) => caught)
    await expect.poll(asked).toBe(1)
    stop.abort(new Error('the user left the page'))
    expect(await outcome).toMatchObject({ name: 'CanceledError', code: 'ERR_CANCELED' })
    policy.dispose()
    expect(await arrived(api, mark)).toEqual([])
  })
})

test('the xhr adapter shows that a refusal came from where a redirect led: no refresh', async () => {
  const { policy, refreshes } = await alice('good')
  const instance = withAuth(axios.create({ baseURL: api }), policy)
  const error = await instance.get(to(`${elsewhere}/echo`)).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'ERR_BAD_REQUEST', response: { status: 401 } })
  expect(refreshes()).toBe(0)
})

test('control: without us, the xhr adapter carries a header of another name to another origin', async () => {
  const mark = newMark()
  const headers = { 'x-token': 'leaks' }
  await axios.get(`${apiOfXToken}${to(`${elsewhere}/echo?public&${mark}`)}`, { headers })
  expect((await arrived(elsewhere, mark)).map((request) => request.headers['x-token'])).toEqual([
    'leaks',
  ])
})
