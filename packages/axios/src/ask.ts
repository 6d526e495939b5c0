import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios'

import { tokenFailure } from './failure.ts'

/**
 * Asks the policy: at once where it has its word, and its failure in the form that axios's callers catch.
 *
 * The policy ends its wait when the signal is aborted, and axios makes its own CanceledError of whatever
 * is thrown after that; `cancelToken`, its other way to cancel, only we can hear.
 */
export const ask = <T>(
  config: InternalAxiosRequestConfig,
  answer: AxiosResponse | undefined,
  question: () => T | Promise<T>,
): T | Promise<T> => {
  const { cancelToken } = config
  const fail = (error: unknown): never => {
    throw tokenFailure(error, config, answer)
  }
  try {
    const word = question()
    if (!(word instanceof Promise)) return word
    return new Promise((resolve, reject) => {
      cancelToken?.subscribe(reject)
      void word
        .catch(fail)
        .then(resolve, reject)
        .then(() => cancelToken?.unsubscribe(reject))
    })
  } catch (error) {
    return fail(error)
  }
}
