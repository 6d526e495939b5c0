import type { AuthorizedFetch } from '@unexpired/fetch'
import type { InitHook } from 'ky'

/**
 * Spares the clone of a ky `Request` that would be needed to send its body again, where the body is a
 * string that ky was given or has made of `json`, and no hook can have exchanged the request. An
 * optimisation and nothing else: ky before 2.0 does not know `init` hooks, and an app can remove them.
 */
export const knowBody = (authorized: AuthorizedFetch): InitHook => {
  const hook: InitHook = (options) => {
    const { hooks: { init, ...others } = {}, json, stringifyJson = JSON.stringify, fetch, onUploadProgress } = options
    let { body } = options
    if (json === undefined && typeof body !== 'string') return
    if (fetch !== authorized || onUploadProgress || init?.at(-1) !== hook || Object.values(others).flat().length > 0) return
    if (json !== undefined) options.stringifyJson = (data) => (body = stringifyJson(data) ?? JSON.stringify(data))
    options.fetch = (request, rest) => authorized(request, { ...rest, body: body as string })
  }
  return hook
}
