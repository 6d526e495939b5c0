import { findTokenError } from '@unexpired/core'
import { expect, test } from 'vitest'

import { recordedFetch } from '../test/recorded-fetch.ts'
import { createWorld } from '@unexpired/adapter-tests/world'
import type { FetchLike } from './fetch-like.ts'
import { withAuth } from './with-auth.ts'

/** A refusal whose body is what is asked for, then the real answer. */
const refusedOnce = (body: BodyInit): FetchLike => {
  let sent = 0
  return async () =>
    sent++ === 0 ? new Response(body, { status: 401 }) : Response.json('answered')
}

test('an answer that refuses by other means is replayed where isRefused says so', async () => {
  const { api, idp, policy } = await createWorld()
  const isRefused = async (response: Response): Promise<boolean> => {
    const { url } = (await response.clone().json()) as { url?: string }
    return url === '/echo' && api.requests.length === 1
  }
  const answer = await withAuth(fetch, policy, { isRefused })(`${api.origin}/echo`)
  expect(await answer.json()).toMatchObject({ url: '/echo' })
  expect(api.requests.length).toBe(2)
  expect(api.requests[1]?.token).toBe(idp.stored?.value)
})

test('isRefused may answer at once, and is not asked about what is not ours', async () => {
  const { api, elsewhere, policy } = await createWorld()
  const asked: string[] = []
  const send = withAuth(fetch, policy, { isRefused: ({ url }) => (asked.push(url), false) })
  await send(`${api.origin}/echo`)
  expect(api.requests.length).toBe(1)
  await send(`${elsewhere.origin}/echo`)
  await send(`${api.origin}/echo`, { tokenAuth: false })
  await send(`${api.origin}/echo`, { headers: { authorization: 'Basic b3duOm93bg==' } })
  expect(asked).toEqual([`${api.origin}/echo`])
})

test('what isRefused promises to be none is none', async () => {
  const { api, policy } = await createWorld()
  await withAuth(fetch, policy, { isRefused: async () => false })(`${api.origin}/echo`)
  expect(api.requests.length).toBe(1)
})

test('each of the two requests has headers of its own', async () => {
  const { api, idp, policy, refuse } = await createWorld()
  const transport = recordedFetch()
  const first = idp.stored?.value
  refuse()
  await withAuth(transport, policy)(`${api.origin}/echo`)
  const sent = transport.calls.map(({ init }) => new Headers(init?.headers).get('authorization'))
  expect(sent).toEqual([`Bearer ${first}`, `Bearer ${idp.stored?.value}`])
})

test('a refusal whose body never ends delays no replay, and is not read for ever', async () => {
  const { api, policy } = await createWorld()
  let pulled = 0
  const endless = new ReadableStream({
    pull: (controller) => (pulled++, controller.enqueue(new Uint8Array(16_384))),
  })
  let isOpen = true
  const trickle = new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(1)),
    cancel: () => void (isOpen = false),
  })
  for (const body of [endless, trickle]) {
    const answer = await withAuth(refusedOnce(body), policy)(`${api.origin}/echo`)
    expect(await answer.json()).toBe('answered')
  }
  expect(isOpen).toBe(false)
  expect(pulled).toBeLessThan(10)
})

test('short refusals are read to their end, so that their connections are used again', async () => {
  const { api, clock, policy, refuse } = await createWorld()
  const send = withAuth(fetch, policy)
  await (await send(`${api.origin}/bytes/10`)).text()
  api.refusalBytes = 10_000
  for (let round = 0; round < 10; round++) {
    await clock.advance(120_000)
    refuse()
    await (await send(`${api.origin}/bytes/10`)).text()
  }
  expect(api.requests.length).toBe(21)
  expect(api.socketsOpened).toBeLessThanOrEqual(2)
})

test('a refusal that is broken off does no harm', async () => {
  const { api, policy } = await createWorld()
  const broken = new ReadableStream({ pull: (it) => it.error(new Error('cut off')) })
  const answer = await withAuth(refusedOnce(broken), policy)(`${api.origin}/echo`)
  expect(await answer.json()).toBe('answered')
})

test('when no new token can be had, the refusal holds no connection either', async () => {
  const { api, clock, idp, policy, refuse } = await createWorld()
  api.refusalBytes = 1_000_000
  const send = withAuth(fetch, policy)
  for (let round = 0; round < 10; round++) {
    idp.signIn('alice')
    await clock.advance(120_000)
    refuse()
    idp.endSessions('alice')
    const error: unknown = await send(`${api.origin}/echo`).catch((it: unknown) => it)
    expect(findTokenError(error)?.code).toBe('session-revoked')
  }
  await expect.poll(() => api.openSockets).toBeLessThan(3)
})
