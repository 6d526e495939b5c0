import axios from 'axios'
import { withAuth as withAxios } from '../../../packages/axios/dist/index.js'
import {
  createPolicy,
  type Policy,
  type PolicyOptions,
  type TokenSource,
  TokenError,
} from '../../../packages/core/dist/index.js'
import { withAuth as withFetch } from '../../../packages/fetch/dist/index.js'
import type { Tokens } from '../world/provider.ts'
import { spend, type World } from '../world/world.ts'
import type { Contender } from './contender.ts'

interface Session extends Tokens {
  readonly value: string
}

/** A source as our README shows one: a store in memory, and the token endpoint. */
export const sourceOf = (world: World): TokenSource<Session> => {
  const session = (tokens: Tokens): Session => ({ ...tokens, value: tokens.accessToken })
  let stored: Session | undefined = session(world.tokens)
  return {
    name: 'bench',
    read: () => stored,
    refresh: async ({ previous }) => {
      if (!previous)
        throw new TokenError('signed-out', 'Nobody is signed in. Show the sign-in page.')
      return session(await spend(world, previous.refreshToken))
    },
    store: (token) => void (stored = token),
    clear: () => void (stored = undefined),
    subscribe: () => () => {},
  }
}

/** Our policy with its defaults. */
export const policyOf = (world: World, options: Partial<PolicyOptions<Session>> = {}): Policy =>
  createPolicy({ source: sourceOf(world), origins: [world.origin], ...options })

export const oursOnAxios: Contender = {
  name: 'unexpired + axios',
  role: 'ours',
  begin(world) {
    const policy = policyOf(world)
    const client = withAxios(
      axios.create({ baseURL: world.origin, ...(world.adapter && { adapter: world.adapter }) }),
      policy,
    )
    return { send: async (path) => (await client.get(path)).status, close: () => policy.dispose() }
  },
}

export const oursOnFetch: Contender = {
  name: 'unexpired + fetch',
  role: 'ours',
  begin(world) {
    const policy = policyOf(world)
    const client = withFetch(world.fetch, policy)
    return {
      send: async (path) => {
        const answer = await client(world.origin + path)
        await answer.arrayBuffer()
        return answer.status
      },
      close: () => policy.dispose(),
    }
  },
}
