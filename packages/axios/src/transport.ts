import type { AuthHeader, Authorizer } from '@unexpired/core'
import { AxiosHeaders, type AxiosAdapter, type AxiosResponse } from 'axios'

import { ask } from './ask.ts'
import { destinationsOf } from './destinations.ts'
import { isOneShot } from './one-shot.ts'
import { sender, type Adapter } from './send.ts'

/** Ours carry the policy they were made for: configs and ids change on the way, a function does not. */
export interface Ours {
  readonly policy?: Authorizer
}

/** Where an answer came from after redirects: the `http` adapter says it here, `xhr` there, `fetch` nowhere. */
interface Sent {
  readonly res?: { readonly responseUrl?: string }
  readonly responseURL?: string
}

/**
 * An adapter that authorizes before it sends and decides after the answer: everything above it,
 * interceptors and transforms, runs once and sees one request with one answer.
 */
export const withToken = (policy: Authorizer, adapter: Adapter): AxiosAdapter => {
  const wrapped = async (config: Parameters<AxiosAdapter>[0]): Promise<AxiosResponse> => {
    // The caller's own again, so that the config in an error or an answer can be sent once more as it is.
    config.adapter = adapter
    const send = sender(policy, adapter, config)
    const urls = destinationsOf(config)
    if (
      config.tokenAuth === false ||
      // The caller's own credentials win; a header that is set to `false` or `null` is the caller's will, too.
      config.headers.has(policy.headerName) ||
      (config.auth && policy.headerName === 'authorization') ||
      !urls.every((url) => policy.covers(url))
    ) {
      return send()
    }
    const request = { url: urls[0], signal: config.signal as AbortSignal | undefined }

    const word = ask(config, undefined, () => policy.authorize(request))
    // Not awaited where it is there: the request leaves in the same tick as without us.
    const rejected: AuthHeader | undefined = word instanceof Promise ? await word : word
    // `validateStatus` makes a result or an error of an answer; it may be a refusal either way.
    let thrown: readonly [unknown] | undefined
    let answer: AxiosResponse | undefined
    try {
      answer = await send(rejected)
    } catch (error) {
      thrown = [error]
      answer = (error as { response?: AxiosResponse } | undefined)?.response
    }
    const sent = answer?.request as Sent | undefined
    const again =
      answer &&
      (await ask(config, answer, () =>
        policy.recover({
          ...request,
          rejected,
          response: {
            status: answer.status,
            headers: AxiosHeaders.from(answer.headers as AxiosHeaders),
            url: sent?.res?.responseUrl ?? sent?.responseURL,
          },
          replayable: !isOneShot(config.data),
        }),
      ))
    if (again) {
      // Unread, it would keep its socket, and a small agent has no other for the replay.
      const body: unknown = answer?.data
      if (isOneShot(body)) void (body.destroy?.() ?? body.cancel?.().catch(() => {}))
      return send(again)
    }
    if (thrown) throw thrown[0]
    return answer as AxiosResponse
  }
  return Object.assign(wrapped, { policy })
}
