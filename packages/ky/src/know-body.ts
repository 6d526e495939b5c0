import type { FetchLike } from '@unexpired/fetch'
import type { Hooks, InitHook } from 'ky'
import { giveUp } from './give-up.ts'

/**
 * Tells fetch what ky has made a `Request` of, which a `Request` does not tell: `json` is sent again
 * from its text, because cloning a `Request` costs more than all else that is done for it; a stream
 * goes out once, because a clone would keep the whole of it in memory.
 *
 * Nothing depends on it: ky 1 has no `init` hooks, and an app can remove them. Where an app has hooks of
 * its own, which may change the options or exchange the request, the text is not taken for granted.
 */
export const knowBody: InitHook = (options) => {
  const { fetch, hooks } = options
  const text = JSON.stringify(options.json)
  const isKnown = text
    ? !(options.onUploadProgress ?? options.stringifyJson) &&
      Object.values(hooks as Hooks)
        .flat()
        .every((hook) => hook === knowBody || hook === giveUp)
    : (options.body as ReadableStream | null | undefined)?.locked === false
  if (!isKnown) return
  options.stringifyJson = () => text
  options.fetch = (request, init) =>
    (fetch as FetchLike)(request, {
      ...init,
      body: text ?? (request as Request).body,
      duplex: 'half',
    } as RequestInit)
}
