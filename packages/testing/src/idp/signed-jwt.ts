import { hmacSha256 } from './sha256.ts'

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes)).replace(
    /[+/=]/g,
    (char) => ({ '+': '-', '/': '_' })[char] ?? '',
  )

/**
 * A JWT (RFC 7519) signed with HS256, for tests: synchronous, and readable by whatever verifies one
 * with the same secret.
 *
 * @example
 * ```ts
 * import { signedJwt } from '@unexpired/testing'
 *
 * const soon = Math.floor(Date.now() / 1000) + 60
 * const token = signedJwt({ sub: 'alice', exp: soon }, 'a secret for tests')
 * ```
 */
export const signedJwt = (claims: Readonly<Record<string, unknown>>, secret: string): string => {
  const utf8 = new TextEncoder()
  const part = (value: object): string => base64url(utf8.encode(JSON.stringify(value)))
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${signed}.${base64url(hmacSha256(utf8.encode(secret), utf8.encode(signed)))}`
}
