import { scriptedIdp } from '@unexpired/testing'
import { loopbackApi, tokenEndpoint } from '@unexpired/testing/node'
import type { TestProject } from 'vitest/node'

/** A strict API, the same with its token in `x-token`, another origin, and the token endpoint for all. */
export type Servers = Readonly<Record<'api' | 'apiOfXToken' | 'elsewhere' | 'token', string>>

declare module 'vitest' {
  interface ProvidedContext {
    readonly servers: Servers
  }
}

/** What the tests in a browser talk to: it runs in Node, before them. */
export const setup = async ({ provide }: TestProject): Promise<() => Promise<unknown>> => {
  const idp = scriptedIdp()
  const { check } = idp
  const api = await loopbackApi({ check })
  const apiOfXToken = await loopbackApi({ check, headerName: 'x-token', scheme: '' })
  const elsewhere = await loopbackApi({ check })
  const token = await tokenEndpoint(idp)
  provide('servers', {
    api: api.origin,
    apiOfXToken: apiOfXToken.origin,
    elsewhere: elsewhere.origin,
    token: token.origin,
  })
  return () => Promise.all([api, apiOfXToken, elsewhere, token].map((server) => server.close()))
}
