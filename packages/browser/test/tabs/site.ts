import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createUserPool, type UserPool, type UserPoolOptions } from '@unexpired/cognito-emulator'
import { bundle, type OtherVersion } from './bundles.ts'
import type { PageConfig, TabOptions } from './tab.ts'

/** A user pool, and a site that uses it. */
export interface Site {
  readonly pool: UserPool
  readonly origin: string
  /** The address of a page that behaves like this. */
  address(options: TabOptions, path?: string): string
  /** What the API has answered. */
  readonly statuses: number[]
  /** Serves a script and a page that loads it so many times, as so many bundles. */
  serve(path: string, scripts: readonly string[]): void
  close(): Promise<void>
}

/** The scripts of the site, each built once. */
const built = new Map<string, Promise<string>>()
const script = (name: string, version?: OtherVersion): Promise<string> => {
  const key = name + JSON.stringify(version)
  if (!built.has(key)) built.set(key, bundle(name, version))
  return built.get(key)!
}

/** Boots it: rotation without grace, and a family that is revoked when a refresh token is spent twice. */
export const openSite = async (
  options: UserPoolOptions = {},
  versions: Readonly<Record<string, OtherVersion>> = {},
): Promise<Site> => {
  const pool = await createUserPool({
    users: { alice: 'Secret-1', bob: 'Secret-2' },
    accessTokenSeconds: 2,
    idTokenSeconds: 2,
    rotation: { graceSeconds: 0, revokeFamilyOnReuse: true },
    ...options,
  })
  const statuses: number[] = []
  const pages = new Map<string, readonly string[]>([['/', ['/page.js']]])

  /** Refuses a token that has ended, as every API does. */
  const api = (authorization = '', response: ServerResponse): void => {
    const claims = authorization.split('.')[1] ?? ''
    const { exp = 0 } = claims
      ? (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp?: number })
      : {}
    response.statusCode = exp * 1000 > pool.now() ? 200 : 401
    statuses.push(response.statusCode)
    response.end()
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://site')
    if (pathname === '/api') return api(request.headers.authorization, response)
    // A page of an opaque origin may load the script, too.
    response.setHeader('access-control-allow-origin', '*')
    const scripts = pages.get(pathname)
    if (scripts) {
      const tags = scripts.map((path) => `<script type="module" src="${path}"></script>`)
      response.setHeader('content-type', 'text/html')
      return response.end(`<!doctype html><title>tab</title>${tags.join('')}`)
    }
    if (!pathname.endsWith('.js')) return response.writeHead(404).end()
    // `/newer/page.js` is the page with the version of the library that is called newer.
    const [, version, name] = /^\/(?:(.*)\/)?(.*)\.js$/.exec(pathname) ?? []
    response.setHeader('content-type', 'text/javascript')
    script(`${name}.ts`, version === undefined ? undefined : versions[version]).then(
      (code) => response.end(code),
      (error: unknown) => {
        console.error(error)
        response.writeHead(500).end()
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    pool,
    origin,
    statuses,
    address(tabOptions, path = '/') {
      const config: PageConfig = { ...tabOptions, amplify: pool.amplifyConfig }
      return `${origin}${path}#${encodeURIComponent(JSON.stringify(config))}`
    },
    serve: (path, scripts) => void pages.set(path, scripts),
    async close() {
      server.closeAllConnections()
      await Promise.all([pool.close(), new Promise((resolve) => server.close(resolve))])
    },
  }
}
