import { TokenError } from './errors.ts'

/** An access token and what is known about it. Printing or serialising one that this library made shows no value. */
export interface AccessToken {
  /** What is sent: visible ASCII without spaces. */
  readonly value: string
  /** When it ends by the clock of the server that issued it, epoch milliseconds. */
  readonly expiresAt: number
  /** When it was issued by that same clock, epoch milliseconds; lets the policy learn how far this clock is off. */
  readonly issuedAt?: number | undefined
  /** Whose it is, as far as the source knows: `sub`, a user id. A change of it is a change of user. */
  readonly identity?: string | undefined
  /** How far the server's clock is ahead of this one, milliseconds, where the source knows better than the policy. */
  readonly skewMs?: number | undefined
}

/** Hides the value from `JSON.stringify` and Node's `inspect`; spreading the token keeps it. */
export const quiet = <T extends object>(object: T): T => {
  const print = { value: ({ ...shown } = object as T & { value?: unknown }) => (delete shown.value, shown) }
  return Object.defineProperties(object, {
    toJSON: { value: () => print.value() },
    [Symbol.for('nodejs.util.inspect.custom')]: { value: () => print.value() },
  })
}
