import axios, { CanceledError } from 'axios'
import { expect, test, vi } from 'vitest'

import { createWorld } from '@unexpired/adapter-tests/world'
import { withAuth } from './index.ts'

test('a cancelToken ends the wait for a token at once, with axios’s own error', async () => {
  const { api, clock, expire, policy, refreshing } = await createWorld({ latencyMs: 1_000 })
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  await expire()
  const { token, cancel } = axios.CancelToken.source()
  const sent = instance.get('/echo', { cancelToken: token })
  await refreshing()
  cancel('the user left the page')
  const error = await sent.catch((caught: unknown) => caught)
  expect(error).toBe(token.reason)
  expect(axios.isCancel(error)).toBe(true)
  await clock.advance(1_000)
  expect(api.requests).toHaveLength(0)
})

test('a cancelToken ends the wait after a refusal, and nothing is replayed', async () => {
  const { api, clock, policy, refreshing, refuse } = await createWorld({ latencyMs: 1_000 })
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  refuse()
  const { token, cancel } = axios.CancelToken.source()
  const sent = instance.get('/echo', { cancelToken: token })
  await refreshing()
  cancel()
  await expect(sent).rejects.toBe(token.reason)
  await clock.advance(1_000)
  expect(api.requests).toHaveLength(1)
})

test('a cancelToken that many requests share is left without listeners', async () => {
  const { api, clock, expire, policy, refreshing } = await createWorld({ latencyMs: 1_000 })
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  const { token } = axios.CancelToken.source()
  const listen = vi.spyOn(token, 'subscribe')
  const leave = vi.spyOn(token, 'unsubscribe')
  await expire()
  const sent = Array.from({ length: 10 }, () => instance.get('/echo', { cancelToken: token }))
  await refreshing()
  await clock.advance(1_000)
  await Promise.all(sent)
  await expect.poll(() => leave.mock.calls.length).toBe(listen.mock.calls.length)
  const left = new Set(leave.mock.calls.flat())
  expect(listen.mock.calls.flat().filter((listener) => !left.has(listener))).toEqual([])
  expect(listen.mock.calls).toHaveLength(20)
})

test('a signal of another make than the platform’s ends the wait as well', async () => {
  const { api, clock, expire, policy, refreshing } = await createWorld({ latencyMs: 1_000 })
  const instance = withAuth(axios.create({ baseURL: api.origin }), policy)
  const listeners = new Set<() => void>()
  class Signal {
    aborted = false
    addEventListener = (_: string, listener: () => void): unknown => listeners.add(listener)
    removeEventListener = (_: string, listener: () => void): unknown => listeners.delete(listener)
  }
  const signal = new Signal()
  await expire()
  const sent = instance.get('/echo', { signal })
  await refreshing()
  signal.aborted = true
  for (const listener of listeners) listener()
  await expect(sent).rejects.toBeInstanceOf(CanceledError)
  await expect(sent).rejects.toMatchObject({ code: 'ERR_CANCELED', message: 'canceled' })
  await clock.advance(1_000)
  expect(api.requests).toHaveLength(0)
})
