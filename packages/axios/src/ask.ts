import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios'

import { tokenFailure } from './failure.ts'

/** A body that can break before anybody reads it. */
interface Breakable {
  once?(event: 'error', listener: (error: unknown) => void): unknown
}

/**
 * Asks the policy: at once where it has its word, and its failure in the form that axios's callers catch.
 *
 * The policy ends its wait when the signal is aborted, and axios makes its own CanceledError of whatever
 * is thrown after that. Two things are heard only here: `cancelToken`, axios's other way to cancel, and a
 * body that breaks meanwhile, as the stream of a missing file does: Node ends a process over an `error`
 * that nobody hears.
 */
export const ask = <T>(
  config: InternalAxiosRequestConfig,
  answer: AxiosResponse | undefined,
  question: () => T | Promise<T>,
): T | Promise<T> => {
  const { cancelToken, data } = config as InternalAxiosRequestConfig<Breakable | undefined>
  const fail = (error: unknown): never => {
    throw tokenFailure(error, config, answer)
  }
  try {
    const word = question()
    if (!(word instanceof Promise)) return word
    return new Promise((resolve, reject) => {
      cancelToken?.subscribe(reject)
      data?.once?.('error', (error) => reject(AxiosError.from(error, undefined, config)))
      void word
        .catch(fail)
        .then(resolve, reject)
        .then(() => cancelToken?.unsubscribe(reject))
    })
  } catch (error) {
    return fail(error)
  }
}
