import type { AuthorizedFetch } from '@unexpired/fetch'
import type { InitHook } from 'ky'
import { giveUp } from './give-up.ts'

/**
 * Tells our fetch what ky has made a `Request` of, which a `Request` does not tell: a text, `json`
 * included, is sent again as that text, because cloning a `Request` costs more than all else that is
 * done for it; a stream goes out once, because a clone would keep the whole of it in memory.
 *
 * Nothing depends on it: ky 1 has no `init` hooks, and an app can remove them. Where hooks of an app
 * may exchange the request, its text is not taken for granted.
 */
export const knowBody = (authorized: AuthorizedFetch): InitHook => {
  const hook: InitHook = (options) => {
    const { fetch, hooks: { init, ...hooks } = {}, json, onUploadProgress, stringifyJson } = options
    let { body } = options
    if (fetch !== authorized || init?.at(-1) !== hook) return
    if (json === undefined && body instanceof ReadableStream) {
      options.fetch = (request, rest) => {
        const once = { ...rest, body: (request as Request).body, duplex: 'half' }
        return authorized(request, once)
      }
      return
    }
    const isOurs = Object.values(hooks)
      .flat()
      .every((each) => each === giveUp)
    if ((json === undefined && typeof body !== 'string') || !isOurs || onUploadProgress) return
    options.stringifyJson = (data) => (body = stringifyJson?.(data) ?? JSON.stringify(data))
    options.fetch = (request, rest) => authorized(request, { ...rest, body: body ?? null })
  }
  return hook
}
