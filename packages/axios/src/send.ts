import { TokenError, type AuthHeader, type Authorizer } from '@unexpired/core'
import {
  AxiosHeaders,
  getAdapter,
  type AxiosAdapter,
  type AxiosRequestConfig,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios'

import { tokenFailure } from './failure.ts'

/** An adapter as axios accepts it: a function, a name, or a list of either. */
export type Adapter = NonNullable<AxiosRequestConfig['adapter']>

/** What `follow-redirects` is about to send. */
interface Redirect {
  readonly href: string
  readonly headers: Record<string, unknown>
}

/**
 * Sends once, with the token on where there is one. Whatever comes of it, the config is the caller's own
 * again before anybody sees the outcome.
 *
 * Who takes the token off when a redirect leads elsewhere:
 *
 * - With the `http` adapter we do. axios strips `authorization` itself, before 1.21 not on the way to a
 *   sub-domain, and headers of other names nowhere.
 * - With `xhr` and `fetch` the platform does for `authorization` (Fetch standard, HTTP-redirect fetch), and
 *   nobody for headers of other names. So a request with such a header follows no redirect: `fetch` can be
 *   told so; `xhr` cannot, and `fetch` takes its place.
 */
export const sender =
  (policy: Authorizer, adapter: Adapter, config: InternalAxiosRequestConfig) =>
  async (header?: AuthHeader): Promise<AxiosResponse> => {
    let send: AxiosAdapter & { adapterName?: string } = getAdapter(adapter, config)
    if (!header) return send(config)
    const { beforeRedirect, fetchOptions } = config
    const isCustom = header.name !== 'authorization'
    // A copy: a caller may give the same headers to requests that go elsewhere meanwhile. `concat` would
    // judge each name and value again, and cost more than all else that is done for a request.
    config.headers = Object.assign(new AxiosHeaders(), config.headers, {
      [header.name]: header.value,
    })
    config.beforeRedirect = (options, ...details) => {
      const { href, headers } = options as Redirect
      if (!policy.covers(href)) {
        for (const name in headers) if (name.toLowerCase() === header.name) delete headers[name]
      }
      beforeRedirect?.(options, ...details)
    }
    if (isCustom) {
      config.fetchOptions = { ...fetchOptions, redirect: 'manual' }
      if (send.adapterName === 'xhr') send = getAdapter('fetch', config)
    }
    let answer: AxiosResponse
    try {
      answer = await send(config)
    } finally {
      config.headers.delete(header.name)
      if (beforeRedirect) config.beforeRedirect = beforeRedirect
      else delete config.beforeRedirect
      if (fetchOptions) config.fetchOptions = fetchOptions
      else delete config.fetchOptions
    }
    // Node shows the redirect itself; a browser hides it behind status 0, which axios takes for a success.
    if (answer.status || !isCustom) return answer
    throw tokenFailure(
      new TokenError('redirected', 'A redirect would take the token along. Use the final URL.'),
      config,
      answer,
    )
  }
