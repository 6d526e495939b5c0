import assert from 'node:assert/strict'
import type { ReceivedRequest } from '../received-request.ts'
import type { ContractOptions, TestFramework } from './adapter-contract.ts'
import { withoutBoundary } from './body-contents.ts'
import { shapeOf } from './evidence.ts'
import { everything } from './harness.ts'
import type { ContractResult } from './harness.ts'
import { plainRequests } from './plain-requests.ts'
import { createWorld } from './world.ts'
import type { World } from './world.ts'

/** Something that only this client does, and does the same with the adapter. */
export interface OwnScene<Client> {
  /** What it does, in words that go before "goes as without us". */
  readonly name: string
  /** Uses the client and gives what is to be compared; what it throws is compared by its kind and message. */
  run(client: Client, baseUrl: string): Promise<unknown>
}

/** A client, what it cannot do, and what it does beside plain requests. */
export interface DoNoHarmOptions<Client extends object> extends ContractOptions<Client> {
  /** What only this client does. Default: none. */
  readonly scenes?: readonly OwnScene<Client>[] | undefined
}

const described = (error: unknown): object => {
  const { message, cause } = Object(error) as { message?: unknown; cause?: unknown }
  return { ...shapeOf(error), message, cause: shapeOf(cause) }
}

/**
 * `deepEqual` does not look into a Blob. Its type is left out: that of a large answer depends on Bun on
 * how much has arrived, and it is but the `content-type`, which is compared.
 */
const contentOf = async (body: unknown): Promise<unknown> =>
  body instanceof Blob ? { text: await body.text() } : body

/** What an app could tell apart, without the time of day. */
const outcomeOf = async ({ status, headers, body, error }: ContractResult): Promise<object> => ({
  status,
  headers: { ...headers, date: undefined },
  body: await contentOf(body),
  error: error === undefined ? undefined : described(error),
})

const seen = (
  token: string | undefined,
  { method, url, headers, bodyHash }: ReceivedRequest,
): object => {
  const { authorization, ...rest } = headers
  return {
    method,
    url,
    bodyHash,
    headers: { ...rest, 'content-type': withoutBoundary(headers['content-type']) },
    // The one thing that may differ is our token.
    authorization: authorization === `Bearer ${token}` ? undefined : authorization,
  }
}

type Played = { readonly outcome: unknown; readonly requests: readonly object[] }

const play = async (
  { api, elsewhere, idp }: World,
  run: () => Promise<unknown>,
): Promise<Played> => {
  api.forget()
  elsewhere.forget()
  const outcome = await run().catch((error: unknown) => ({ thrown: described(error) }))
  const requests = [...api.requests, ...elsewhere.requests]
  return { outcome, requests: requests.map((request) => seen(idp.stored?.value, request)) }
}

/**
 * Registers a test for each of many plain requests: with a fresh token, and with nobody signed in, the
 * result through the adapter and what the server saw must be the same as without it, but for the token.
 *
 * @example
 * ```ts
 * import { withAuth } from '@unexpired/fetch'
 * import { doNoHarm, fetchHarness } from '@unexpired/testing/node'
 * import { describe, test } from 'vitest'
 *
 * doNoHarm({
 *   describe,
 *   test,
 *   harness: fetchHarness(withAuth),
 *   scenes: [{ name: 'a URL object', run: async (send, base) => (await send(new URL('/status/200', base))).status }],
 * })
 * ```
 */
export const doNoHarm = <Client extends object>(
  options: DoNoHarmOptions<Client> & TestFramework,
): void => {
  const { describe, test, harness, capabilities, scenes = [] } = options

  const compare = async (
    isSignedIn: boolean,
    through: (world: World, isBare: boolean) => Promise<unknown>,
  ): Promise<void> => {
    const world = await createWorld(harness)
    try {
      if (!isSignedIn) world.idp.signOut()
      const without = await play(world, () => through(world, true))
      const withUs = await play(world, () => through(world, false))
      assert.deepEqual(withUs, without)
      assert.equal(world.idp.refreshes.length, 0)
    } finally {
      await world.close()
    }
  }

  for (const isSignedIn of [true, false]) {
    describe(`does no harm ${isSignedIn ? 'with a fresh token' : 'with nobody signed in'}`, () => {
      for (const { name, run } of plainRequests({ ...everything, ...capabilities })) {
        test(`${name} goes as without us`, () =>
          compare(isSignedIn, async (world, isBare) =>
            outcomeOf(await run(isBare ? world.sendBare : world.send, world)),
          ))
      }
      for (const { name, run } of scenes) {
        test(`${name} goes as without us`, () =>
          compare(isSignedIn, ({ api, attach, attachBare }, isBare) =>
            run((isBare ? attachBare() : attach()) as Client, api.origin),
          ))
      }
    })
  }
}
