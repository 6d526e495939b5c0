import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client'
import { withAuth } from '../../../../packages/fetch/dist/index.js'
import { policyOf } from '../../contenders/ours.ts'
import { memoizedTokens } from '../../contenders/smithy.ts'
import type { Row } from '../../line.ts'
import { compare, constantHeader, stillWorld, thing, type Candidate } from './compare.ts'

const world = stillWorld()
const bare = world.fetch
type Fetch = typeof bare

const hooked: Fetch = async (input, init) => {
  const headers = new Headers(init?.headers)
  headers.set('authorization', await constantHeader())
  return bare(input, { ...init, headers })
}

const smithy = (): Fetch => {
  const tokens = memoizedTokens(world)
  return async (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('authorization', `Bearer ${(await tokens()).accessToken}`)
    return bare(input, { ...init, headers })
  }
}

const badgateway = (): Fetch => {
  const { accessToken, refreshToken, expiresAt } = world.tokens
  const call = new OAuth2Fetch({
    client: new OAuth2Client({ clientId: 'bench', tokenEndpoint: `${world.origin}/token` }),
    getNewToken: () => null,
    getStoredToken: () => ({ accessToken, refreshToken, expiresAt }),
  }).mw()
  return (input, init) => call(new Request(input, init), (request) => bare(request))
}

export const row: Row = async (bench) => {
  const url = `${world.origin}/things/1`
  const headers = { 'content-type': 'application/json' }
  const clients: readonly (Omit<Candidate, 'run'> & { readonly client: Fetch })[] = [
    { name: 'fetch, bare', role: 'limit', client: bare },
    { name: 'fetch with a trivial async hook', role: 'limit', isHook: true, client: hooked },
    { name: 'unexpired + fetch', role: 'ours', client: withAuth(bare, policyOf(world)) },
    { name: '@badgateway/oauth2-client', role: 'peer', client: badgateway() },
    { name: "smithy's memoize", role: 'peer', client: smithy() },
  ]
  return [
    ...(await compare(
      bench,
      'fetch GET',
      clients.map(({ client, ...rest }) => ({ ...rest, run: () => client(url) })),
    )),
    ...(await compare(
      bench,
      'fetch JSON POST',
      clients.map(({ client, ...rest }) => ({
        ...rest,
        run: () => client(url, { method: 'POST', headers, body: JSON.stringify(thing) }),
      })),
    )),
  ]
}
