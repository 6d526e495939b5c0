import { ofetch, type $Fetch } from 'ofetch'
import { describe, expect, test } from 'vitest'

import { createWorld, type World } from '@unexpired/adapter-tests/world'
import { withAuth } from './with-auth.ts'

/** The pattern that is handed around: a token before the request, a refresh after a 401, a retry by status. */
const byHooks = (client: $Fetch, { idp, clock }: World): $Fetch => {
  const source = idp.source()
  const refresh = async (): Promise<void> => {
    const { signal } = new AbortController()
    const token = await source.refresh({ reason: 'manual', previous: await source.read(), signal })
    await source.store?.(token, { signal })
  }
  return client.create({
    retryStatusCodes: [401, 503],
    async onRequest({ options }) {
      if (((await source.read())?.expiresAt ?? 0) - clock.now() < 300_000) await refresh()
      options.headers.set('authorization', `Bearer ${(await source.read())?.value}`)
    },
    async onResponseError({ response }) {
      if (response.status === 401) await refresh()
    },
  })
}

describe.each([
  ['ours', (client: $Fetch, { policy }: World) => withAuth(client, policy)],
  ['the widespread pattern', byHooks],
] as const)('%s', (name, attach) => {
  const isOurs = name === 'ours'

  test('twenty requests with an expired token, strict rotation', async () => {
    const world = await createWorld()
    const client = attach(ofetch, world)
    await world.expire()
    const sent = Array.from({ length: 20 }, () => client(`${world.api.origin}/echo`))
    const outcomes = await Promise.allSettled(sent)
    const failed = outcomes.filter(({ status }) => status === 'rejected').length
    expect([failed, world.idp.refreshes.length]).toEqual(isOurs ? [0, 1] : [19, 20])
  })

  test('a POST that is refused', async () => {
    const world = await createWorld()
    world.refuse()
    const answer = attach(ofetch, world).raw(`${world.api.origin}/echo`, {
      method: 'POST',
      body: 'a',
    })
    const outcome = await answer.catch((error: unknown) => error as { status: number })
    expect(outcome.status).toBe(isOurs ? 200 : 401)
  })

  test('a request with an onRequest of its own', async () => {
    const world = await createWorld()
    await attach(ofetch, world)(`${world.api.origin}/echo?public`, { onRequest: () => {} })
    expect(world.api.requests[0]?.user).toBe(isOurs ? 'alice' : undefined)
  })

  test('the token stays at the origin that it is for', async () => {
    const world = await createWorld()
    await attach(ofetch, world)(`${world.elsewhere.origin}/echo?public`)
    expect(world.elsewhere.requests[0]?.user).toBe(isOurs ? undefined : 'alice')
  })
})
