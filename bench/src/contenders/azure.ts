import {
  bearerTokenAuthenticationPolicy,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
} from '@azure/core-rest-pipeline'
import { spend } from '../world/world.ts'
import type { Contender } from './contender.ts'

/**
 * Its bearer policy alone in a pipeline, with a credential that spends a refresh token. It refuses plain
 * http, so it is told https, and its HTTP client, a fetch, goes to the loopback server all the same. Its
 * store is the credential's: the first token is asked of it, and costs no refresh while it is good.
 */
export const azureBearer: Contender = {
  name: "@azure/core-rest-pipeline 1.25.1's bearer policy",
  role: 'peer',
  note: 'the policy alone, over fetch',
  begin(world) {
    let { tokens } = world
    let isGiven = false
    const secure = world.origin.replace('http:', 'https:')
    const http: HttpClient = {
      sendRequest: async (request) => {
        const answer = await world.fetch(request.url.replace(secure, world.origin), {
          method: request.method,
          headers: request.headers.toJSON(),
        })
        return {
          request,
          status: answer.status,
          headers: createHttpHeaders(Object.fromEntries(answer.headers)),
          bodyAsText: await answer.text(),
        }
      },
    }
    const pipeline = createEmptyPipeline()
    pipeline.addPolicy(
      bearerTokenAuthenticationPolicy({
        scopes: 'api',
        credential: {
          getToken: async () => {
            if (isGiven || tokens.expiresAt <= Date.now())
              tokens = await spend(world, tokens.refreshToken)
            isGiven = true
            return { token: tokens.accessToken, expiresOnTimestamp: tokens.expiresAt }
          },
        },
      }),
    )
    return {
      send: async (path) =>
        (await pipeline.sendRequest(http, createPipelineRequest({ url: secure + path }))).status,
    }
  },
}
