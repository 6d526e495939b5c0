import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createUserPool, type UserPool, type UserPoolOptions } from '@unexpired/cognito-emulator'
import { chromium, type BrowserContext, type Page } from 'playwright'
import { rolldown } from 'rolldown'
import { findChromium, launchArguments } from '../../../../scripts/chromium.ts'
import type { PageConfig } from './tab.ts'

/** A page of the site, open in a browser of its own process where the browser has one for each tab. */
export type TabOptions = Omit<PageConfig, 'amplify'>

/** A user pool, a site that uses it, and a browser. */
export interface Site {
  readonly pool: UserPool
  /** A new browser profile: storage and locks are shared by its tabs, and by nobody else. */
  profile(): Promise<{
    readonly context: BrowserContext
    open(options: TabOptions): Promise<Page>
    close(): Promise<void>
  }>
  close(): Promise<void>
}

const bundle = async (): Promise<string> => {
  const build = await rolldown({
    input: fileURLToPath(new URL('page.ts', import.meta.url)),
    platform: 'browser',
    resolve: { conditionNames: ['@unexpired/source', 'browser', 'import', 'default'] },
    logLevel: 'silent',
  })
  const { output } = await build.generate({ format: 'esm' })
  await build.close()
  return output[0].code
}

/** Boots it all: rotation without grace, and a family that is revoked when a refresh token is spent twice. */
export const openSite = async (options: UserPoolOptions = {}): Promise<Site> => {
  const pool = await createUserPool({
    users: { alice: 'Secret-1', bob: 'Secret-2' },
    accessTokenSeconds: 2,
    idTokenSeconds: 2,
    rotation: { graceSeconds: 0, revokeFamilyOnReuse: true },
    ...options,
  })
  const script = await bundle()
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(
      isScript
        ? script
        : '<!doctype html><title>tab</title><script type="module" src="/page.js"></script>',
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const executablePath = findChromium()
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: [...launchArguments],
  })

  return {
    pool,
    async profile() {
      const context = await browser.newContext()
      return {
        context,
        async open(tabOptions) {
          const page = await context.newPage()
          const config: PageConfig = { ...tabOptions, amplify: pool.amplifyConfig }
          await page.goto(`http://127.0.0.1:${port}/#${encodeURIComponent(JSON.stringify(config))}`)
          await page.waitForFunction(() => 'tab' in window)
          return page
        },
        close: () => context.close(),
      }
    },
    async close() {
      await browser.close()
      server.closeAllConnections()
      await Promise.all([pool.close(), new Promise((resolve) => server.close(resolve))])
    },
  }
}
