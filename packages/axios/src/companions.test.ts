import { findTokenError } from '@unexpired/core'
import axios, { type AxiosInstance } from 'axios'
import { setupCache } from 'axios-cache-interceptor'
import axiosRetry, { isNetworkOrIdempotentRequestError } from 'axios-retry'
import { describe, expect, test, vi } from 'vitest'

import { createWorld, type World } from '@unexpired/adapter-tests/world'
import { withAuth } from './index.ts'

const orders = [
  ['before', (own: () => void, policy: () => void) => (own(), policy())],
  ['after', (own: () => void, policy: () => void) => (policy(), own())],
] as const

describe.each(orders)('axios-retry, put on %s the policy', (_, inOrder) => {
  const create = ({ api, policy }: World, options: object = {}): AxiosInstance => {
    const instance = axios.create({ baseURL: api.origin })
    inOrder(
      () => axiosRetry(instance, options),
      () => withAuth(instance, policy),
    )
    return instance
  }

  test('each try has the token of its own moment, and a refusal among them is replayed', async () => {
    const world = await createWorld()
    const { api, idp, refuse } = world
    const instance = create(world, { onRetry: (count: number) => count === 1 && refuse() })
    await instance.get('/flaky?times=3')
    const [first, second, third, fourth] = api.requests.map(({ token }) => token)
    expect(api.requests).toHaveLength(4)
    expect(first).toBe(second)
    expect([third, fourth]).toEqual([idp.stored?.value, idp.stored?.value])
    expect(idp.refreshes).toHaveLength(1)
  })

  test('a refusal is not repeated by it', async () => {
    const world = await createWorld()
    await expect(create(world).get('/refuse')).rejects.toMatchObject({ response: { status: 401 } })
    expect(world.api.requests).toHaveLength(2)
  })

  test('what the policy gives up on is not repeated by it, whatever it was', async () => {
    const world = await createWorld()
    const { api, expire, idp, settle } = world
    let retries = 0
    const instance = create(world, {
      retries: 5,
      onRetry: () => retries++,
      retryCondition: (error: never) => isNetworkOrIdempotentRequestError(error),
    })
    await expire()
    idp.always('offline')
    const error = await settle(instance.get('/echo').catch((caught: unknown) => caught))
    expect(findTokenError(error)?.code).toBe('offline')
    idp.signIn('alice')
    await expire()
    idp.endSessions('alice')
    idp.always(undefined)
    const ended = await settle(instance.get('/echo').catch((caught: unknown) => caught))
    expect(findTokenError(ended)?.kind).toBe('signed-out')
    expect(retries).toBe(0)
    expect(api.requests).toHaveLength(0)
  })

  test('a request that was stopped before it reached its adapter is not wrapped twice', async () => {
    const world = await createWorld()
    const { api, idp } = world
    const instance = axios.create({ baseURL: api.origin })
    let stopped = 0
    instance.interceptors.request.use((config) => {
      if (stopped++ < 2) throw new axios.AxiosError('not yet', 'ERR_NETWORK', config)
      return config
    })
    inOrder(
      () => axiosRetry(instance),
      () => withAuth(instance, world.policy),
    )
    // Signed out: with a token, the second wrapping would find it on the request and leave that alone.
    idp.signOut()
    const authorize = vi.spyOn(world.policy, 'authorize')
    expect((await instance.get('/echo?public')).status).toBe(200)
    expect(authorize).toHaveBeenCalledOnce()
    expect(api.requests).toHaveLength(1)
  })
})

describe.each(orders)('axios-cache-interceptor, put on %s the policy', (_, inOrder) => {
  const create = ({ api, policy }: World): AxiosInstance => {
    const instance = axios.create({ baseURL: api.origin })
    inOrder(
      () => setupCache(instance, { ttl: 3_600_000, interpretHeader: false }),
      () => withAuth(instance, policy),
    )
    return instance
  }

  test('an answer is fetched with the token once, and cached without it', async () => {
    const world = await createWorld()
    const { api, idp } = world
    const instance = create(world)
    expect((await instance.get('/echo')).data).toMatchObject({ user: 'alice' })
    const again = await instance.get('/echo')
    expect(again).toMatchObject({ cached: true, data: { user: 'alice' } })
    expect(api.requests).toHaveLength(1)
    for (const secret of idp.secrets) expect(JSON.stringify(again.config)).not.toContain(secret)
  })

  test('many requests for the same share one answer, also one that had to be replayed', async () => {
    const world = await createWorld()
    const { api, idp, refuse } = world
    const instance = create(world)
    refuse()
    const answers = await Promise.all(Array.from({ length: 10 }, () => instance.get('/echo')))
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect(api.requests).toHaveLength(2)
    expect(idp.refreshes).toHaveLength(1)
  })

  test('what is cached is given at once, without waiting for a token', async () => {
    const world = await createWorld()
    const { expire, idp } = world
    const instance = create(world)
    await instance.get('/echo')
    await expire()
    idp.always('offline')
    expect(await instance.get('/echo')).toMatchObject({ cached: true, status: 200 })
    expect(idp.refreshes).toHaveLength(0)
  })

  test.each([
    ['before sending', 'expire'],
    ['after a refusal', 'refuse'],
  ] as const)(
    'when no token can be had %s, every request for it is told, and none hangs',
    async (__, how) => {
      const world = await createWorld()
      const { idp, settle } = world
      const instance = create(world)
      await world[how]()
      idp.always('offline')
      const sent = Array.from({ length: 5 }, () => instance.get('/echo'))
      const outcomes = await settle(Promise.allSettled(sent))
      const codes = outcomes.map(
        (outcome) => outcome.status === 'rejected' && findTokenError(outcome.reason)?.code,
      )
      expect(codes).toEqual(Array(5).fill('offline'))
      idp.always(undefined)
      await world.clock.advance(60_000)
      expect((await instance.get('/echo')).status).toBe(200)
    },
  )
})

test('a cache knows no users: emptied with each session, it gives nobody another’s answer', async () => {
  const { api, idp, policy } = await createWorld()
  const instance = setupCache(axios.create({ baseURL: api.origin }), { interpretHeader: false })
  withAuth(instance, policy)
  await instance.get('/echo')
  idp.signIn('bob')
  expect((await instance.get('/echo')).data).toMatchObject({ user: 'alice' })
  policy.subscribe(({ type }) => type === 'session' && void instance.storage.clear?.())
  idp.signIn('alice')
  idp.signIn('bob')
  expect((await instance.get('/echo')).data).toMatchObject({ user: 'bob' })
})

test('axios-retry and axios-cache-interceptor together', async () => {
  const { api, policy, refuse } = await createWorld()
  const instance = setupCache(axios.create({ baseURL: api.origin }), { interpretHeader: false })
  withAuth(instance, policy)
  axiosRetry(instance)
  refuse()
  expect((await instance.get('/flaky?times=2')).status).toBe(200)
  expect((await instance.get('/flaky?times=2')).cached).toBe(true)
})
