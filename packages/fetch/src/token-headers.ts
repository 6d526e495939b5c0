import type { AuthHeader } from '@unexpired/core'

const known = new WeakMap<AuthHeader, Headers>()

/**
 * New headers that hold a token and nothing else. Each token is put into headers once and copied from
 * there: putting it in looks at every character, copying does not.
 */
export const tokenHeaders = (header: AuthHeader): Headers => {
  let headers = known.get(header)
  if (!headers) known.set(header, (headers = new Headers([[header.name, header.value]])))
  return new Headers(headers)
}
