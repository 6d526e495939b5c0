import type { AxiosRequestConfig } from 'axios'

/** axios's own test (`isAbsoluteURL`). */
const absolute = /^([a-z][a-z\d+\-.]*:)?\/\//i

/** What of a config says where it goes; axios takes a URL object as well, whatever its types say. */
interface Addressed extends Pick<AxiosRequestConfig, 'baseURL' | 'allowAbsoluteUrls'> {
  readonly url?: string | URL
}

/**
 * Where axios sends a request, by its own rule (`buildFullPath`, `combineURLs`), without the query;
 * `getUri` merges the whole config for that, 20 to 40 µs each time.
 *
 * Two of them for an absolute URL under `allowAbsoluteUrls: false`: axios before 1.8.3 does not honour
 * that everywhere, so both have to be allowed.
 */
export const destinationsOf = (config: Addressed): readonly [url: string, ...others: string[]] => {
  const { baseURL, allowAbsoluteUrls = true } = config
  const url = String(config.url ?? '')
  const isAbsolute = absolute.test(url)
  if (!baseURL || (isAbsolute && allowAbsoluteUrls)) return [url]
  const combined = url ? `${baseURL.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}` : baseURL
  return isAbsolute ? [combined, url] : [combined]
}
