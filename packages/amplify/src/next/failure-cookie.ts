import { TokenError, type TokenErrorCode } from '@unexpired/core'

/** Tells the page behind the proxy why its token was not refreshed. Only in the request that goes on; browsers never get it. */
export const failureCookie = 'unexpired-failure'

/** The value of the cookie for an error. */
export const failureValue = ({ code, retryAt = 0 }: TokenError): string => `${code}.${retryAt}`

/** What the proxy met; `undefined` where it met nothing. */
export const readFailure = (get: (name: string) => string | undefined): TokenError | undefined => {
  const [, code, retryAt] = /^([a-z-]{1,30})\.(\d{1,16})/.exec(get(failureCookie) ?? '') ?? []
  if (!code) return undefined
  const error = new TokenError(
    code as TokenErrorCode,
    'The proxy could not refresh the token of this request. Try again later.',
    Number(retryAt) ? { retryAt: Number(retryAt) } : {},
  )
  // A browser may send anything: a code that there is not would have no kind.
  return error.kind && error
}
