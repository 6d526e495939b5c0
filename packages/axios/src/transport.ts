import type { AuthHeader, Authorizer } from '@unexpired/core'
import { AxiosHeaders, type AxiosAdapter, type AxiosResponse } from 'axios'

import { ask } from './ask.ts'
import { destinationsOf } from './destinations.ts'
import { isLeftAlone } from './left-alone.ts'
import { isOneShot } from './one-shot.ts'
import { sender, type Adapter } from './send.ts'

/** On what is ours: configs and ids change on the way, this does not, and two copies of this package share it. */
export const mark: unique symbol = Symbol.for('@unexpired/axios')

/** The policy that an adapter or an interceptor of ours was made for. */
export interface Marked {
  readonly [mark]?: Authorizer
}

/**
 * An adapter that authorizes before it sends and decides after the answer: everything above it,
 * interceptors and transforms, runs once and sees one request with one answer.
 */
export const withToken = (policy: Authorizer, adapter: Adapter): AxiosAdapter => {
  const wrapped: AxiosAdapter = async (config) => {
    // The caller's own again, so that the config in an error or an answer can be sent once more as it is.
    config.adapter = adapter
    const send = sender(policy, adapter, config)
    const urls = destinationsOf(config)
    const [url] = urls
    if (isLeftAlone(config, policy.headerName, url) || !urls.every((each) => policy.covers(each))) {
      return send()
    }
    const request = { url, signal: config.signal as AbortSignal | undefined }

    const word = ask(config, undefined, () => policy.authorize(request))
    // Not awaited where it is there: the request leaves in the same tick as without us.
    const rejected: AuthHeader | undefined = word instanceof Promise ? await word : word
    // `validateStatus` makes a result or an error of an answer; it may be a refusal either way.
    const outcome = await send(rejected).then(
      (answer) => ({ answer }),
      (error) => ({ answer: (error as { response?: AxiosResponse } | undefined)?.response, error }),
    )
    const { answer } = outcome
    const again =
      answer &&
      (await ask(config, answer, () =>
        policy.recover({
          ...request,
          rejected,
          response: {
            status: answer.status,
            headers: AxiosHeaders.from(answer.headers as AxiosHeaders),
            // Where it came from after redirects; the `fetch` adapter does not show it.
            url: answer.request?.res?.responseUrl ?? answer.request?.responseURL,
          },
          replayable: !isOneShot(config.data),
        }),
      ))
    if (again) {
      // An unread stream would keep its socket, and a small agent has no other for the replay.
      const { data } = answer
      if (isOneShot(data)) void (data.destroy?.() ?? data.cancel?.().catch(() => {}))
      return send(again)
    }
    if ('error' in outcome) throw outcome.error
    return answer!
  }
  return Object.assign(wrapped, { [mark]: policy })
}
