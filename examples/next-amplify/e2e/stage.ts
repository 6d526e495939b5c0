/** The app as it is deployed, its backend, and people with browsers. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright'
import { chromium, launchArguments } from '../../../scripts/chromium.ts'
import { startBackend, type Backend } from '../dev/backend.ts'

const folder = join(import.meta.dirname, '..')
export const appUrl = 'http://localhost:3100'

export interface Stage {
  readonly backend: Backend
  readonly browser: Browser
  close(): Promise<void>
}

const isUp = async (): Promise<boolean> =>
  fetch(appUrl).then(
    ({ ok }) => ok,
    () => false,
  )

export const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Starts what `next build` has built, by the command line that a server would use. */
export const startStage = async (accessTokenSeconds: number): Promise<Stage> => {
  const backend = await startBackend({
    apiPort: 4101,
    port: 9229,
    accessTokenSeconds,
    idTokenSeconds: accessTokenSeconds,
  })
  const preload = pathToFileURL(join(folder, 'dev/keys-from-emulator.mjs')).href
  const server = spawn(
    process.execPath,
    ['--import', preload, 'node_modules/next/dist/bin/next', 'start', '--port', '3100'],
    {
      cwd: folder,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        NODE_OPTIONS: `--import ${preload}`,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  for (let tries = 0; !(await isUp()); tries++) {
    if (tries > 300 || server.exitCode !== null) throw new Error('next start does not answer')
    await soon(200)
  }
  const browser = await playwright.launch({
    executablePath: chromium(),
    args: [...launchArguments],
  })
  return {
    backend,
    browser,
    async close() {
      await browser.close()
      const gone = once(server, 'exit')
      server.kill()
      await gone
      await backend.close()
    },
  }
}

/** Signs in with the form, and ends on the page that was asked for. */
export const signIn = async (page: Page, user = 'alice', from = '/dashboard'): Promise<void> => {
  await page.goto(`${appUrl}/sign-in?from=${from}`)
  await page.fill('[name=username]', user)
  await page.fill('[name=password]', 'secret')
  await page.click('[data-testid=sign-in]')
  await page.waitForURL(`${appUrl}${from}`)
}

/** What the tab would see when another one covers it: headless Chromium shows every tab. */
export const setHidden = async (page: Page, hidden: boolean): Promise<void> => {
  await page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
      document.dispatchEvent(new Event('visibilitychange'))
    },
    hidden ? 'hidden' : 'visible',
  )
}

export type Way = 'client' | 'action' | 'route'
export const ways: readonly Way[] = ['client', 'action', 'route']

/** Clicks, and says whether an order came. */
export const ask = async (page: Page, way: Way): Promise<string> => {
  const answer = page.locator(`[data-testid=answer-${way}]`)
  const before = Number(await answer.getAttribute('data-count', { timeout: 10_000 }))
  // A page has one mouse, and several are asked at once.
  await page.dispatchEvent(`[data-testid=ask-${way}]`, 'click')
  await page.waitForFunction(
    ([selector, count]) =>
      Number(document.querySelector(selector!)?.getAttribute('data-count')) > Number(count),
    [`[data-testid=answer-${way}]`, String(before)] as const,
    { timeout: 20_000 },
  )
  return (await answer.getAttribute('data-ok')) === 'true'
    ? 'ok'
    : `${way}: ${await answer.textContent()}`
}

/** Loads a page, and says whether it was rendered with an order. */
export const load = async (page: Page, path: string): Promise<string> => {
  await page.goto(`${appUrl}${path}`)
  if (new URL(page.url()).pathname !== path) return `sent to ${new URL(page.url()).pathname}`
  const answer = page.locator('[data-testid=answer-page]')
  return (await answer.getAttribute('data-ok')) === 'true'
    ? 'ok'
    : `page: ${await answer.textContent()}`
}

/** A person with a browser of their own. */
export const newPerson = async (stage: Stage): Promise<BrowserContext> => stage.browser.newContext()
