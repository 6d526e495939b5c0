import { findTokenError, isTokenError } from '@unexpired/core'
import axios, { AxiosError } from 'axios'
import { expect, test } from 'vitest'

import { createWorld } from '@unexpired/adapter-tests/world'
import { withAuth } from './index.ts'

test('before sending, the caller catches an AxiosError with code ERR_TOKEN that is caused by ours', async () => {
  const { api, expire, idp, policy, settle } = await createWorld()
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  await expire()
  idp.always('offline')
  const error = await settle(instance.get('/echo').catch((caught: unknown) => caught))
  expect(error).toBeInstanceOf(AxiosError)
  expect(axios.isAxiosError(error)).toBe(true)
  expect(isTokenError(error)).toBe(true)
  expect(findTokenError(error)).toBe((error as Error).cause)
  expect(findTokenError(error)).toMatchObject({ code: 'offline', kind: 'offline' })
  expect(error).toMatchObject({
    name: 'AxiosError',
    code: 'ERR_TOKEN',
    message: findTokenError(error)?.message,
    config: { baseURL: api.origin, url: '/echo', method: 'get' },
  })
  expect(error).not.toHaveProperty('response')
  expect(api.requests).toHaveLength(0)
})

test('after a refusal, it has the answer of the server, as axios shows answers', async () => {
  const { api, idp, policy, refuse } = await createWorld()
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  refuse()
  idp.endSessions('alice')
  const error = await instance.get('/echo').catch((caught: unknown) => caught)
  expect(findTokenError(error)).toMatchObject({ code: 'session-revoked', kind: 'signed-out' })
  expect(error).toMatchObject({
    code: 'ERR_TOKEN',
    response: { status: 401, data: { error: 'invalid_token' } },
  })
  expect((error as AxiosError).response?.headers['www-authenticate']).toBe(
    'Bearer error="invalid_token"',
  )
})

test('when the replay is refused, it is the server’s own answer', async () => {
  const { api, policy } = await createWorld()
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  const error = await instance.get('/refuse').catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'ERR_BAD_REQUEST', response: { status: 401 } })
  expect(isTokenError(error)).toBe(false)
  expect(api.requests).toHaveLength(2)
})

test('a policy that throws at once is wrapped as well', async () => {
  const { api, policy } = await createWorld({
    isRefusal: () => {
      throw new RangeError('from the app')
    },
  })
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  const error = await instance.get('/echo').catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'ERR_TOKEN', message: 'from the app' })
  expect((error as Error).cause).toBeInstanceOf(RangeError)
})

test('a failure of the network is axios’s own', async () => {
  const { api, policy } = await createWorld()
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  const bare = await axios.get(`${api.origin}/drop`).catch((caught: unknown) => caught)
  const error = await instance.get('/drop').catch((caught: unknown) => caught)
  const { code, message } = bare as AxiosError
  expect(error).toMatchObject({ code, message })
})
