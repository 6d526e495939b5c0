import { memoize } from '@smithy/property-provider'
import { spend, type World } from '../world/world.ts'
import type { Tokens } from '../world/provider.ts'
import type { Contender } from './contender.ts'

/** Its window is five minutes for every token, as in `memoizeIdentityProvider`. */
const windowMs = 300_000

/** A memoized provider of tokens, as the SDK makes one for credentials: the first is read from the store. */
export const memoizedTokens = (world: World): (() => Promise<Tokens>) => {
  let { tokens } = world
  let isGiven = false
  const provider = async (): Promise<Tokens> => {
    if (isGiven) tokens = await spend(world, tokens.refreshToken)
    isGiven = true
    return tokens
  }
  return memoize(
    provider,
    ({ expiresAt }) => expiresAt - Date.now() < windowMs,
    () => true,
  )
}

/** Its `memoize` before plain fetch. It has no answer to a 401, and neither has the SDK's bearer signer. */
export const smithyMemoize: Contender = {
  name: "smithy's memoize 4.5.2",
  role: 'peer',
  note: 'memoize(provider, within 5 min, always) before plain fetch',
  begin(world) {
    const current = memoizedTokens(world)
    return {
      send: async (path) => {
        const { accessToken } = await current()
        const answer = await world.fetch(world.origin + path, {
          headers: { authorization: `Bearer ${accessToken}` },
        })
        await answer.arrayBuffer()
        return answer.status
      },
    }
  },
}
