/** How a cookie is written; the fields that Next.js and Amplify know. */
export interface CookieOptions {
  /** Default: the host that answers. */
  readonly domain?: string | undefined
  /** Default `/`. */
  readonly path?: string | undefined
  /** Seconds. Default a year, as Amplify has it. */
  readonly maxAge?: number | undefined
  /** Default `lax`. */
  readonly sameSite?: 'lax' | 'strict' | 'none' | undefined
  /** Default `true`; browsers keep such cookies on `http://localhost`, too. */
  readonly secure?: boolean | undefined
  /** Out of reach for scripts, and so for Amplify's client. Default `false`. */
  readonly httpOnly?: boolean | undefined
}

/** What `cookies()` of `next/headers` gives, as far as it is used. */
export interface CookieStore {
  /** The cookie that the browser sent. */
  get(name: string): { readonly value: string } | undefined
  /** Sets one; throws in a server component. */
  set(name: string, value: string, options: CookieOptions): unknown
}

/** A request of the web, and Next.js' own. Next.js' has its cookies read already. */
export interface WebRequest {
  /** Its headers; `cookie` is read where there is no `cookies`. */
  readonly headers: { get(name: string): string | null }
  /** Of a `NextRequest`. */
  readonly cookies?: { get(name: string): { readonly value: string } | undefined }
}

/** An answer of the web, and Next.js' own. */
export interface WebResponse {
  /** Its headers; where they are fixed, no cookie can be set. */
  readonly headers: { append(name: string, value: string): void; delete(name: string): void }
}

/** The `req` of the Pages Router. */
export interface PagesRequest {
  /** Its cookies, by name. */
  readonly cookies: Readonly<Record<string, string | undefined>>
}

/** The `res` of the Pages Router. */
export interface PagesResponse {
  /** Whether it is too late for cookies. */
  readonly headersSent: boolean
  /** What is set so far. */
  getHeader(name: string): number | string | readonly string[] | undefined
  /** Sets a header. */
  setHeader(name: string, value: readonly string[]): unknown
}

/**
 * Where a request is handled, in the forms of `nextServerContext` of Amplify's own adapter.
 *
 * - `{ cookies }` of `next/headers`: a server component, a server action, a route handler
 * - `{ request, response }`: a route handler that makes its response first
 * - `{ request: req, response: res }`: `getServerSideProps` and API routes of the Pages Router
 */
export type NextContext =
  | { readonly cookies: () => CookieStore | Promise<CookieStore> }
  | { readonly request: WebRequest; readonly response: WebResponse }
  | { readonly request: PagesRequest; readonly response: PagesResponse }

/** The cookies of one request, and where new ones go. */
export interface RequestCookies {
  /** The same object for as long as it is the same request. */
  readonly request: object
  /** As the browser sent it, decoded. */
  get(name: string): string | undefined
  /** Whether a cookie that is set now reaches the browser. */
  canWrite(): boolean
  set(name: string, value: string, options: CookieOptions): void
}

/** Nobody ever sets it: to forget it tells whether cookies can be written, and changes nothing. */
const probe = 'unexpired-probe'

const attempt = (write: () => unknown): boolean => {
  try {
    write()
    return true
  } catch {
    return false
  }
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** RFC 6265, 4.2.1. */
const fromHeader = (header: string | null, name: string): string | undefined => {
  const pair = header?.split(';').find((part) => part.trim().startsWith(`${name}=`))
  return pair && decoded(pair.trim().slice(name.length + 1))
}

/** RFC 6265, 4.1.1. */
export const serializeCookie = (
  name: string,
  value: string,
  { domain, path, maxAge, sameSite, secure, httpOnly }: CookieOptions,
): string =>
  [
    `${name}=${encodeURIComponent(value)}`,
    domain && `Domain=${domain}`,
    path && `Path=${path}`,
    maxAge !== undefined && `Max-Age=${maxAge}`,
    sameSite && `SameSite=${sameSite}`,
    secure && 'Secure',
    httpOnly && 'HttpOnly',
  ]
    .filter(Boolean)
    .join('; ')

/** A server component may read its cookies and not set any, and nothing but trying tells which it is. */
const ofStore = (store: CookieStore): RequestCookies => ({
  request: store,
  get: (name) => store.get(name)?.value,
  canWrite: () => attempt(() => store.set(probe, '', { path: '/', maxAge: 0 })),
  set: (name, value, options) => void store.set(name, value, options),
})

const ofPages = (request: PagesRequest, response: PagesResponse): RequestCookies => ({
  request,
  get: (name) => request.cookies[name],
  canWrite: () => !response.headersSent,
  set(name, value, options) {
    const before = [response.getHeader('set-cookie') ?? []].flat().map(String)
    response.setHeader('set-cookie', [
      ...before.filter((cookie) => !cookie.startsWith(`${name}=`)),
      serializeCookie(name, value, options),
    ])
  },
})

/** Reads the cookies of a web request. */
export const readCookie = ({ cookies, headers }: WebRequest, name: string): string | undefined =>
  cookies ? cookies.get(name)?.value : fromHeader(headers.get('cookie'), name)

const ofWeb = (request: WebRequest, { headers }: WebResponse): RequestCookies => ({
  request,
  get: (name) => readCookie(request, name),
  // The headers of `Response.redirect()`, and of what `fetch` gave, are fixed.
  canWrite: () => attempt(() => headers.delete(probe)),
  set: (name, value, options) =>
    headers.append('set-cookie', serializeCookie(name, value, options)),
})

/**
 * The cookies of a request, whichever of the forms its context has.
 *
 * @throws TypeError for anything else
 */
export const cookiesOf = async (context: NextContext): Promise<RequestCookies> => {
  if ('cookies' in context) return ofStore(await context.cookies())
  const { request, response } = context
  if (request && response && 'setHeader' in response)
    return ofPages(request as PagesRequest, response)
  if (request && response) return ofWeb(request as WebRequest, response as WebResponse)
  throw new TypeError(
    'The context must be { cookies } of next/headers, or { request, response }; see the README.',
  )
}
