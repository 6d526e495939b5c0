const loopback = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/

/** Scheme, host and port, and not `URL.origin`: that is the inner origin for `blob:`. */
const originOf = (url: URL): string => `${url.protocol}//${url.host}`

const isSecure = (url: URL): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname))

const parse = (url: string, base?: string): URL | undefined => {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}

/** Whether two URLs have the same scheme, host and port. */
export const sameOrigin = (a: string, b: string, base: string | undefined): boolean => {
  const [one, other] = [parse(a, base), parse(b, base)]
  return !!one && !!other && originOf(one) === originOf(other)
}

/**
 * Which URLs may carry the token: those whose origin is named, and nothing else.
 *
 * @param origins `https://host[:port]`, `http://` for loopback, or `self` for the page's own origin
 * @param insecureOrigins plain http elsewhere, by name
 * @param baseUrl what relative URLs are resolved against
 * @throws TypeError that names the entry and what is allowed
 */
export const originMatcher = (
  origins: readonly string[],
  insecureOrigins: readonly string[],
  baseUrl: () => string | undefined,
): ((url: string) => boolean) => {
  const allowed = new Set<string>()
  const add = (
    option: string,
    entry: string,
    accepts: (url: URL) => boolean,
    form: string,
  ): void => {
    const url = parse(entry)
    // An origin alone: a path, a query or credentials would be ignored, so they are refused.
    if (!url || url.href !== `${originOf(url)}/` || url.host.includes('*') || !accepts(url)) {
      throw new TypeError(
        `createPolicy: ${option} must hold origins like ${form}; got ${JSON.stringify(entry)}`,
      )
    }
    allowed.add(originOf(url))
  }
  const self = origins.includes('self')
  for (const entry of origins)
    if (entry !== 'self')
      add(
        'origins',
        entry,
        isSecure,
        "'https://api.example.com', or 'self'; plain http for loopback only",
      )
  for (const entry of insecureOrigins)
    add('insecureOrigins', entry, (url) => url.protocol === 'http:', "'http://intranet.example'")
  // Up to the first slash a URL is nothing but scheme and authority, so this prefix decides without parsing.
  const prefixes = [...allowed].map((origin) => `${origin}/`)
  // Adapters ask, and then `authorize` asks again for the same request.
  let last: string | undefined

  return (url) => {
    if (url === last) return true
    for (const prefix of prefixes) {
      // Half the time of `startsWith`, which looks for a pattern first.
      if (url.lastIndexOf(prefix, 0) === 0) {
        last = url
        return true
      }
    }
    const base = baseUrl()
    const target = parse(url, base)
    if (!target) return false
    if (allowed.has(originOf(target))) return true
    const page = self && base ? parse(base) : undefined
    return page !== undefined && isSecure(target) && originOf(page) === originOf(target)
  }
}
