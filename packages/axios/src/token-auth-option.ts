/** What `withAuth` adds to the config of a request, and to `instance.defaults`. */
export interface TokenAuthOption {
  /**
   * `false`: this request goes out without a token and is not replayed, wherever it goes. Default `true`.
   * With `instance.defaults.tokenAuth = false`, a request opts in by `tokenAuth: true`.
   */
  tokenAuth?: boolean | undefined
}

declare module 'axios' {
  // Without type parameters, which axios has changed in 1.19; all of them have defaults.
  interface AxiosRequestConfig extends TokenAuthOption {}
}
