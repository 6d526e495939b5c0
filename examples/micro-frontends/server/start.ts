import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createUserPool, type UserPool } from '@unexpired/cognito-emulator'
import { startApi, type Api } from './api.ts'
import { build } from './build.ts'

/** The page, its API and its user pool. */
export interface Shop {
  readonly url: string
  readonly pool: UserPool
  readonly api: Api
  close(): Promise<void>
}

const source = (name: string): string =>
  readFileSync(new URL(`../src/${name}`, import.meta.url), 'utf8')

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  html: 'text/html; charset=utf-8',
}

/** Starts it all on loopback. */
export const startShop = async ({
  port = 0,
  tokenSeconds = 15,
}: { port?: number; tokenSeconds?: number } = {}): Promise<Shop> => {
  const pool = await createUserPool({
    users: { alice: 'Secret-1' },
    accessTokenSeconds: tokenSeconds,
    idTokenSeconds: tokenSeconds,
    rotation: { graceSeconds: 0, revokeFamilyOnReuse: true },
  })
  const api = await startApi(pool)
  const config = { apiUrl: api.url, amplify: pool.amplifyConfig }
  const files = new Map([
    ['/style.css', source('style.css')],
    [
      '/',
      source('index.html')
        .replace('{{seconds}}', String(tokenSeconds))
        .replace('{{config}}', JSON.stringify(config)),
    ],
  ])
  for (const name of ['shell', 'orders', 'stock', 'reviews'])
    for (const [file, code] of await build(name)) files.set(`/${name}/${file}`, code)

  const server = createServer(({ url = '/' }, response) => {
    const file = files.get(url)
    if (file === undefined) return response.writeHead(404).end()
    response.setHeader('content-type', types[url.split('.')[1] ?? 'html'] ?? 'text/plain')
    return response.end(file)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pool,
    api,
    async close() {
      server.closeAllConnections()
      await Promise.all([
        new Promise((resolve) => server.close(resolve)),
        api.close(),
        pool.close(),
      ])
    },
  }
}
