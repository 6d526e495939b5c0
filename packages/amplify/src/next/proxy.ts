import { findTokenError, type Policy } from '@unexpired/core'
import { failureCookie, failureValue } from './failure-cookie.ts'
import { serializeCookie, type RequestCookies, type WebResponse } from './request-context.ts'
import type { RequestSession } from './request-session.ts'

/** The `NextRequest` of a proxy (a middleware, before Next.js 16): its cookies can be changed for what comes after. */
export interface ProxyRequest {
  /** Where it goes. */
  readonly nextUrl: { readonly pathname: string }
  /** Its headers. */
  readonly headers: { get(name: string): string | null }
  /** Its cookies; what is set is what `NextResponse.next({ request })` hands on. */
  readonly cookies: {
    get(name: string): { readonly value: string } | undefined
    set(name: string, value: string): unknown
    delete(name: string): unknown
  }
}

const asset =
  /^\/_next\/(static|image)\b|\.(css|m?js|map|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|txt|xml|webmanifest|mp4|webm|pdf|wasm)$/

/** Whether a request is for something that is the same for everybody. */
export const isAsset = ({ nextUrl, headers }: ProxyRequest): boolean =>
  asset.test(nextUrl.pathname) ||
  /^(audio|font|image|manifest|script|serviceworker|style|track|video|worker)$/.test(
    headers.get('sec-fetch-dest') ?? '',
  )

/** The cookies of a request on its way through; what is set is kept until there is an answer to set it on. */
export const passingCookies = (
  request: ProxyRequest,
): { readonly cookies: RequestCookies; readonly set: Map<string, string> } => {
  const set = new Map<string, string>()
  return {
    set,
    cookies: {
      request,
      get: (name) => request.cookies.get(name)?.value,
      canWrite: () => true,
      set: (name, value, options) => void set.set(name, serializeCookie(name, value, options)),
    },
  }
}

/** Refreshes where that is due; why it could not be done, where the token has ended. */
const settle = async (policy: Policy): Promise<unknown> => {
  try {
    const token = await policy.token()
    // A token that is good for a while outlives a refresh that fails.
    if (policy.snapshot().status !== 'fresh')
      await policy.refresh({ ifToken: token }).catch(() => {})
    return undefined
  } catch (error) {
    return error
  }
}

/** Makes the request bring what the browser will have only after the answer. */
export const refreshPassing = async (
  request: ProxyRequest,
  { policy, changes }: RequestSession,
): Promise<void> => {
  const failure = findTokenError(await settle(policy))
  for (const [name, value] of changes) {
    if (value === undefined) request.cookies.delete(name)
    else request.cookies.set(name, value)
  }
  if (failure && failure.kind !== 'signed-out')
    request.cookies.set(failureCookie, failureValue(failure))
}

/** Puts the cookies on the answer, beside those that it has. */
export const keepOn = <R extends WebResponse>(response: R, set: ReadonlyMap<string, string>): R => {
  for (const cookie of set.values()) response.headers.append('set-cookie', cookie)
  return response
}
