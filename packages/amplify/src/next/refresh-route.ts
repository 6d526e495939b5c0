import { findTokenError, TokenError } from '@unexpired/core'
import { readCookie, serializeCookie, type RequestCookies } from './request-context.ts'
import type { RequestSession } from './request-session.ts'

/** What the route says of a refresh that failed; never a token. */
export interface RefreshFailure {
  readonly code: string
  readonly message: string
  readonly retryAt?: number | undefined
}

const statusOf = { offline: 503, transient: 503, 'signed-out': 401, misconfigured: 500 } as const

/** Fetch Metadata; a browser that has none sends the origin with every POST. */
const isForeign = ({ headers, url }: Request): boolean => {
  const site = headers.get('sec-fetch-site')
  if (site) return site !== 'same-origin'
  const origin = headers.get('origin')
  return !!origin && new URL(origin).host !== (headers.get('host') ?? new URL(url).host)
}

/** Refreshes for the browser that asks: 204 with the cookies, or why not. */
export const answerRefresh = async (
  request: Request,
  open: (cookies: RequestCookies) => Promise<RequestSession>,
): Promise<Response> => {
  if (isForeign(request)) return new Response(null, { status: 403 })
  const set = new Map<string, string>()
  const answer = (status: number, failure?: RefreshFailure): Response => {
    const response = failure ? Response.json(failure, { status }) : new Response(null, { status })
    response.headers.set('cache-control', 'no-store')
    for (const cookie of set.values()) response.headers.append('set-cookie', cookie)
    return response
  }
  const session = await open({
    request,
    get: (name) => readCookie(request, name),
    canWrite: () => true,
    set: (name, value, options) => void set.set(name, serializeCookie(name, value, options)),
  })
  try {
    // The proxy, or another request, may have refreshed since the browser looked.
    const unwantedEndsAt = Number(await request.text())
    const token = await session.policy.token()
    if (!(token.expiresAt > unwantedEndsAt) && !session.changes.size)
      await session.policy.refresh({ ifToken: token })
    return answer(204)
  } catch (error) {
    const failure =
      findTokenError(error) ??
      new TokenError('refresh-failed', 'The refresh failed. Try again later.')
    const { code, message, retryAt, kind } = failure
    return answer(statusOf[kind], { code, message, retryAt })
  }
}
