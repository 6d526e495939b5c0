import type { AccessToken } from '@unexpired/core'

/** What a tab leaves behind when it has stored a token: enough to recognise the token, nothing to use it. */
export interface Mark {
  /** A 32-bit hash of the token's value. */
  readonly print: number
  /** A 32-bit hash of whose it is; 0 when not known. */
  readonly who: number
  readonly expiresAt: number
}

/** 32 bits that tell two tokens apart, and give none away. */
const hash = (text: string): number => {
  let sum = 0
  for (let i = 0; i < text.length; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) | 0
  return sum
}

/** The mark of a token. */
export const markOf = ({ value, identity, expiresAt }: AccessToken): Mark => ({
  print: hash(value),
  who: hash(identity ?? ''),
  expiresAt,
})

/** Whether a mark speaks of a token of the same user that is at least as new as this one, and another. */
export const isNews = (
  mark: Mark | undefined | null,
  token: AccessToken | undefined,
): mark is Mark => {
  if (!mark || !token) return false
  const own = markOf(token)
  return (
    mark.print !== own.print &&
    mark.expiresAt >= own.expiresAt &&
    (!mark.who || !own.who || mark.who === own.who)
  )
}
