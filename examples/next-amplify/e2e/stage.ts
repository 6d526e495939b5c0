/** The app as it is deployed, its backend, and people with browsers. */
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright'
import { chromium, launchArguments } from '../../../scripts/chromium.ts'
import { appUrl, startServer, type Server } from './server.ts'

export interface Stage extends Server {
  readonly browser: Browser
}

export const startStage = async (accessTokenSeconds: number): Promise<Stage> => {
  const server = await startServer(accessTokenSeconds)
  const browser = await playwright.launch({
    executablePath: chromium(),
    args: [...launchArguments],
  })
  return {
    ...server,
    browser,
    async close() {
      await browser.close()
      await server.close()
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
  await page.evaluate((isHidden) => {
    const seen = { hidden: isHidden, visibilityState: isHidden ? 'hidden' : 'visible' }
    for (const [name, value] of Object.entries(seen))
      Object.defineProperty(document, name, { configurable: true, get: () => value })
    document.dispatchEvent(new Event('visibilitychange'))
  }, hidden)
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
