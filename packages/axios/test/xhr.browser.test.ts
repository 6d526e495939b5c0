import { createPolicy, findTokenError, type Policy, type PolicyOptions } from '@unexpired/core'
import { withAuth } from '@unexpired/axios'
import axios, { type AxiosInstance } from 'axios'
import { describe, expect, onTestFinished, test } from 'vitest'
import { servers } from '@unexpired/adapter-tests/page'

const { api, apiOfXToken, elsewhere, token } = servers

interface Grant {
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
}

interface Echo {
  readonly url: string
  readonly user?: string
  readonly bodyHash: string
  readonly headers: Readonly<Record<string, string>>
}

/** A policy for alice, whose first token the API does not know: its first use is refused. */
const alice = async (
  first: 'refused' | 'good',
  options: Pick<PolicyOptions, 'headerName' | 'scheme'> = {},
): Promise<Policy & { readonly refreshes: number }> => {
  const grant = async (path: string, form: Record<string, string>) => {
    const answer = await fetch(token + path, { method: 'POST', body: new URLSearchParams(form) })
    const { access_token, refresh_token, expires_in }: Grant = await answer.json()
    const expiresAt = Date.now() + expires_in * 1_000
    return { value: access_token, refreshToken: refresh_token, expiresAt }
  }
  let stored = await grant('/sign-in', { user: 'alice' })
  let refreshes = 0
  if (first === 'refused') stored = { ...stored, value: 'unknown-token' }
  const policy = createPolicy({
    origins: [api, apiOfXToken],
    source: {
      name: 'token-endpoint',
      read: () => stored,
      refresh: async ({ previous }) => {
        refreshes += 1
        const refresh_token = previous?.refreshToken ?? ''
        return grant('/token', { grant_type: 'refresh_token', refresh_token })
      },
      store: (next) => void (stored = next),
    },
    ...options,
  })
  onTestFinished(() => policy.dispose())
  return Object.defineProperty({ ...policy, refreshes }, 'refreshes', { get: () => refreshes })
}

/** What has arrived at a server for this test: each test marks its requests. */
const arrived = async (server: string, mark: string): Promise<Echo[]> => {
  const { data } = await axios.get<Echo[]>(`${server}/requests`)
  return data.filter(({ url }) => url.includes(mark))
}

let marks = 0
const newMark = (): string => `mark-${Date.now()}-${marks++}`
const to = (url: string): string => `/redirect?to=${encodeURIComponent(url)}`

describe.each([
  ['the xhr adapter', undefined],
  ['the fetch adapter', 'fetch'],
] as const)('in a browser, with %s', (_, adapter) => {
  const create = (policy: Policy, baseURL = api): AxiosInstance =>
    withAuth(axios.create({ baseURL, ...(adapter && { adapter }) }), policy)

  test('a fresh token travels in the header', async () => {
    const { data } = await create(await alice('good')).get<Echo>('/echo')
    expect(data.user).toBe('alice')
  })

  test('a refused request is replayed once with a new token', async () => {
    const mark = newMark()
    const policy = await alice('refused')
    const { data, config } = await create(policy).get<Echo>(`/echo?${mark}`)
    expect(data.user).toBe('alice')
    expect(config.headers.has('authorization')).toBe(false)
    expect(await arrived(api, mark)).toHaveLength(2)
    expect(policy.refreshes).toBe(1)
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
    const { data } = await create(await alice('refused')).post<Echo>(`/echo?${mark}`, body())
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
    const policy = await alice('good')
    await create(policy).get(to(`${elsewhere}/echo?public&${mark}`))
    const [request] = await arrived(elsewhere, mark)
    expect(request?.headers).toBeDefined()
    expect(request?.headers).not.toHaveProperty('authorization')
  })

  test('a header of another name follows no redirect, and the error says why', async () => {
    const mark = newMark()
    const policy = await alice('good', { headerName: 'x-token', scheme: '' })
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
    let asked = 0
    const policy = createPolicy({
      origins: [api],
      source: {
        name: 'never-answers',
        read: () => ({ value: 'ended', expiresAt: Date.now() - 1 }),
        refresh: () => (asked++, new Promise<never>(() => {})),
      },
    })
    const stop = new AbortController()
    const sent = create(policy).get(`/echo?${mark}`, { signal: stop.signal })
    const outcome = sent.catch((caught: unknown) => caught)
    await expect.poll(() => asked).toBe(1)
    stop.abort(new Error('the user left the page'))
    expect(await outcome).toMatchObject({ name: 'CanceledError', code: 'ERR_CANCELED' })
    policy.dispose()
    expect(await arrived(api, mark)).toEqual([])
  })
})

test('the xhr adapter shows that a refusal came from where a redirect led: no refresh', async () => {
  const policy = await alice('good')
  const instance = withAuth(axios.create({ baseURL: api }), policy)
  const error = await instance.get(to(`${elsewhere}/echo`)).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'ERR_BAD_REQUEST', response: { status: 401 } })
  expect(policy.refreshes).toBe(0)
})

test('control: without us, the xhr adapter carries a header of another name to another origin', async () => {
  const mark = newMark()
  const headers = { 'x-token': 'leaks' }
  await axios.get(`${apiOfXToken}${to(`${elsewhere}/echo?public&${mark}`)}`, { headers })
  expect((await arrived(elsewhere, mark)).map((request) => request.headers['x-token'])).toEqual([
    'leaks',
  ])
})
