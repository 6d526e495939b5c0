import { findTokenError, type TokenErrorCode } from '../src/index.ts'

/** How a promise stands: what it gave, or the code of its error, or the error itself where that has no code. */
export interface Watched<V> {
  readonly state: 'pending' | 'fulfilled' | 'rejected'
  readonly value: V | undefined
  readonly error: unknown
  readonly code: TokenErrorCode | undefined
}

/** Looks at a promise without waiting for it, so that a test can let virtual time pass meanwhile. */
export const watch = <V>(promise: V | PromiseLike<V>): Watched<V> => {
  const watched = {
    state: 'pending' as Watched<V>['state'],
    value: undefined as V | undefined,
    error: undefined as unknown,
    code: undefined as TokenErrorCode | undefined,
  }
  Promise.resolve(promise).then(
    (value) => Object.assign(watched, { state: 'fulfilled', value }),
    (error: unknown) =>
      Object.assign(watched, { state: 'rejected', error, code: findTokenError(error)?.code }),
  )
  return watched
}
