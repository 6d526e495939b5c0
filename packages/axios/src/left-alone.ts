import type { InternalAxiosRequestConfig } from 'axios'

/** What `withAuth` adds to the config of a request, and to `instance.defaults`. */
export interface TokenAuthOption {
  /**
   * `false`: this request goes out without a token and is not replayed, wherever it goes. Default `true`.
   * With `instance.defaults.tokenAuth = false`, a request opts in by `tokenAuth: true`.
   */
  tokenAuth?: boolean | undefined
}

declare module 'axios' {
  // Without type parameters: axios has none here before 0.22, one up to 1.18 and two since.
  interface AxiosRequestConfig extends TokenAuthOption {}
}

/** Credentials in a URL, which axios turns into Basic authentication. */
const userinfo = /\/\/[^/?#]*@/

/** Whether a request has opted out or brings credentials of its own; a header set to `false` or `null` is the caller's will, too. */
export const isLeftAlone = (
  { tokenAuth, headers, auth }: InternalAxiosRequestConfig,
  headerName: string,
  url: string,
): boolean =>
  tokenAuth === false ||
  headers.has(headerName) ||
  (headerName === 'authorization' && (!!auth || userinfo.test(url)))
