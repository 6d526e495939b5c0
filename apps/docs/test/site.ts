import { readFile } from 'node:fs/promises'
import { globSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

const root = join(import.meta.dirname, '..', '.vitepress', 'dist')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
}

/** The address of every page that was built, as readers see it. */
export const pages: readonly string[] = globSync('**/*.html', { cwd: root })
  .filter((file) => file !== '404.html')
  .map((file) => `/${file.replace(/(^|\/)index\.html$/, '$1').replace(/\.html$/, '')}`)
  .toSorted()

/** The text of a file of the built site. */
export const builtFile = (path: string): Promise<string> => readFile(join(root, path), 'utf8')

/** The HTML of a page. */
export const htmlOf = (page: string): Promise<string> =>
  builtFile(page.endsWith('/') ? `${page}index.html` : `${page}.html`)

/** The built site on loopback, with clean addresses. */
export const serveSite = async (): Promise<{ origin: string; close: () => void }> => {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname
    const file = extname(path) ? path : `${path}.html`
    readFile(join(root, file)).then(
      (body) => response.setHeader('content-type', types[extname(file)] ?? '').end(body),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
