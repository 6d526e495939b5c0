import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { chromium as playwright } from 'playwright'

import { chromium, launchArguments } from '../chromium.ts'

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' }

/** Serves what a bundler has written. */
export async function serve(folder: string): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    try {
      const body = readFileSync(join(folder, pathname === '/' ? 'index.html' : pathname))
      response.setHeader('content-type', types[extname(pathname) || '.html'] ?? 'text/plain')
      response.end(body)
    } catch {
      response.statusCode = 404
      response.end()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

export interface Visit {
  /** What the page gave as its result. */
  readonly result: unknown
  /** The page's text at that moment. */
  readonly text: string
  readonly browser: string
}

/** Opens a page in a real Chromium, and waits for its result. */
export async function visit(url: string): Promise<Visit> {
  const browser = await playwright.launch({
    executablePath: chromium(),
    args: [...launchArguments],
  })
  try {
    const page = await browser.newPage()
    const said: string[] = []
    page.on('pageerror', (error) => said.push(String(error)))
    page.on('console', (message) => said.push(message.text()))
    await page.goto(url)
    try {
      await page.waitForFunction(() => 'result' in window, undefined, { timeout: 60_000 })
    } catch (error) {
      throw new Error(`The page gave no result. It said: ${said.join('\n')}`, { cause: error })
    }
    return {
      result: await page.evaluate(() => (window as { result?: unknown }).result),
      text: await page.innerText('body'),
      browser: `Chromium ${browser.version()}`,
    }
  } finally {
    await browser.close()
  }
}
