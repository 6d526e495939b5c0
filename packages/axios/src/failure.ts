import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios'

/**
 * What the caller catches when the policy has no token: an AxiosError with code `ERR_TOKEN` whose `cause`
 * is ours, with the refused answer where there was one; without its `request`, which holds the token.
 *
 * Its `config` is the caller's own (axios-cache-interceptor waits for ever on an error that has none), and tells
 * axios-retry to leave it: when and whether to try again is the policy's, and who is signed in may be another.
 */
export const tokenFailure = (
  cause: unknown,
  config: InternalAxiosRequestConfig,
  answer: AxiosResponse | undefined,
): AxiosError =>
  // Not `AxiosError.from`, which in 1.12 and 1.13 takes the cause of the cause for it.
  Object.assign(
    new AxiosError(
      (cause as Error).message,
      'ERR_TOKEN',
      { ...config, 'axios-retry': { retries: 0 } } as typeof config,
      undefined,
      answer && { ...answer, request: undefined },
    ),
    { cause: cause as Error },
  )
