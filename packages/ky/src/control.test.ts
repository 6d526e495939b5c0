import ky, { type HTTPError, type KyInstance, type Options } from 'ky'
import { describe, expect, test } from 'vitest'

import { createWorld, type World } from '@unexpired/adapter-tests/world'
import { withAuth } from './with-auth.ts'

/** The pattern of ky's own documentation: a token before the request, a retry after a 401. */
const byHooks = (client: KyInstance, { idp, clock }: World): KyInstance => {
  const source = idp.source()
  const refresh = async (): Promise<void> => {
    const { signal } = new AbortController()
    const token = await source.refresh({ reason: 'manual', previous: await source.read(), signal })
    await source.store?.(token, { signal })
  }
  const authorize = async ({ headers }: Request): Promise<void> =>
    headers.set('authorization', `Bearer ${(await source.read())?.value}`)
  return client.extend({
    hooks: {
      beforeRequest: [
        async ({ request }) => {
          if (((await source.read())?.expiresAt ?? 0) - clock.now() < 300_000) await refresh()
          await authorize(request)
        },
      ],
      afterResponse: [
        async ({ request, response, retryCount }) => {
          if (response.status !== 401 || retryCount > 0) return undefined
          await refresh()
          const again = new Request(request)
          await authorize(again)
          return ky.retry({ request: again, delay: 1 })
        },
      ],
    },
  })
}

describe.each([
  ['ours', (client: KyInstance, { policy }: World) => withAuth(client, policy)],
  ['the widespread pattern', byHooks],
] as const)('%s', (name, attach) => {
  const isOurs = name === 'ours'
  const create = (world: World, options: Options = {}): KyInstance =>
    attach(ky.create({ throwHttpErrors: false, retry: { delay: () => 1 }, ...options }), world)

  test('twenty requests with an expired token, strict rotation', async () => {
    const world = await createWorld()
    const client = create(world, { throwHttpErrors: true })
    await world.expire()
    const sent = Array.from({ length: 20 }, () => client.get(`${world.api.origin}/echo`))
    const outcomes = await Promise.allSettled(sent)
    const failed = outcomes.filter(({ status }) => status === 'rejected').length
    expect([failed, world.idp.refreshes.length]).toEqual(isOurs ? [0, 1] : [19, 20])
  })

  test('a refusal where ky is to retry nothing', async () => {
    const world = await createWorld()
    world.refuse()
    const answer = create(world).get(`${world.api.origin}/echo`, { retry: 0 })
    const outcome = await answer.then(
      ({ status }) => status,
      (error: unknown) => (error as Error).name,
    )
    expect(outcome).toBe(isOurs ? 200 : 'ForceRetryError')
  })

  test('a 401 after a 503', async () => {
    const world = await createWorld()
    const held = world.api.hold('/flaky')
    const client = create(world, { throwHttpErrors: true })
    const answer = client.get(`${world.api.origin}/flaky`)
    await held.arrived
    const first = world.idp.stored?.value ?? ''
    const second = world.api.hold('/flaky')
    held.release()
    await Promise.race([second.arrived, answer])
    world.idp.revokeAccess(first)
    second.release()
    const outcome = await answer.then(
      ({ status }) => status,
      (error: unknown) => (error as HTTPError).response.status,
    )
    expect(outcome).toBe(isOurs ? 200 : 401)
  })

  test('the token stays at the origin that it is for', async () => {
    const world = await createWorld()
    await create(world).get(`${world.elsewhere.origin}/echo?public`)
    expect(world.elsewhere.requests[0]?.user).toBe(isOurs ? undefined : 'alice')
  })
})
