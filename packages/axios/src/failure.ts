import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios'

/**
 * What the caller catches when the policy has no token: an AxiosError with code `ERR_TOKEN` whose `cause`
 * is ours. Never without `config`: axios-cache-interceptor waits for ever on an error that has none. With
 * the refused answer where there was one, which also keeps axios-retry from repeating the request.
 */
export const tokenFailure = (
  cause: unknown,
  config: InternalAxiosRequestConfig,
  answer: AxiosResponse | undefined,
): AxiosError =>
  AxiosError.from(cause, 'ERR_TOKEN', config, answer?.request, answer)
