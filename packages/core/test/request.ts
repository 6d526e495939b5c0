import type { AnsweredRequest, AuthHeader, Policy } from '../src/index.ts'
import { url } from './scene.ts'
import { watch, type Watched } from './watch.ts'

/** The header of a request that leaves at once; a token that must be waited for is a fault of the test. */
export const send = (policy: Policy): AuthHeader => {
  const header = policy.authorize({ url })
  if (!header || !('value' in header)) throw new Error('The token in hand cannot be sent at once.')
  return header
}

/** What is left of the header without its scheme. */
export const sentToken = (header: AuthHeader | undefined): string | undefined =>
  header?.value.replace('Bearer ', '')

/** What becomes of a request that was answered with 401, or with what the test says. */
export const refuse = (
  policy: Policy,
  rejected: AuthHeader | undefined,
  differences: Partial<AnsweredRequest> = {},
): Watched<AuthHeader | undefined> =>
  watch(
    policy.recover({
      url,
      rejected,
      response: new Response(null, { status: 401 }),
      ...differences,
    }),
  )
