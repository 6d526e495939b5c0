import { chromium, type Browser, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { findChromium, launchArguments } from '../../../scripts/chromium.ts'
import { startShop, type Shop } from '../server/start.ts'

const timeout = 60_000

let shop: Shop
let browser: Browser
let page: Page
const errors: string[] = []

beforeAll(async () => {
  const executablePath = findChromium()
  ;[shop, browser] = await Promise.all([
    startShop({ tokenSeconds: 3 }),
    chromium.launch({ ...(executablePath && { executablePath }), args: [...launchArguments] }),
  ])
}, timeout)
beforeEach(async () => {
  const profile = await browser.newContext()
  profile.on('weberror', (error) => errors.push(String(error.error())))
  page = await open(profile)
}, timeout)
afterEach(async () => {
  await page.context().close()
  shop.pool.clearLog()
  if (errors.length) throw new Error(errors.join('\n'))
})
afterAll(async () => {
  await browser.close()
  await shop.close()
})

const open = async (profile: ReturnType<Page['context']>): Promise<Page> => {
  const opened = await profile.newPage()
  const failed = new Promise<never>((_, reject) => opened.once('pageerror', reject))
  await opened.goto(shop.url)
  await Promise.race([opened.waitForSelector('body.ready'), failed])
  // The test says when a request is sent.
  await opened.uncheck('#run')
  return opened
}

const signIn = async (): Promise<void> => {
  await page.click('#sign-in')
  await page.waitForSelector('body.signed-in')
}

const refreshed = (): string[] =>
  shop.pool.log
    .filter(({ operation }) => operation === 'GetTokensFromRefreshToken')
    .map(({ outcome }) => outcome)

const count = async (what: string, of = page): Promise<number> =>
  Number(await of.textContent(`#${what}`))

const untilExpired = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3_100))

test(
  'thirty requests of three micro-frontends with an expired token: one refresh',
  { timeout },
  async () => {
    await signIn()
    for (let round = 1; round <= 2; round++) {
      await untilExpired()
      await page.click('#burst')
      await expect
        .poll(() => page.locator('.lane .ok').count(), { timeout: 10_000 })
        .toBe(round * 30)
      expect(refreshed()).toEqual(Array(round).fill('ok'))
      expect(await count('refreshes')).toBe(round)
    }
    expect(await count('failed')).toBe(0)
    expect(shop.api.answered[401]).toBeUndefined()
    for (const part of ['orders', 'stock', 'reviews'])
      expect(await page.locator(`#${part} li`).count()).toBe(3)
  },
)

test('the bundles have one policy, and a sign-out shows at once', { timeout }, async () => {
  await signIn()
  expect(
    await page.evaluate(() => {
      const policies = Reflect.get(globalThis, Symbol.for('@unexpired/policies')) as Map<
        string,
        object
      >
      return [...policies.keys()]
    }),
  ).toEqual(['shop'])
  await page.click('#sign-out')
  await expect.poll(() => page.textContent('#status')).toBe('signed-out')
})

test('two tabs: one refresh for both', { timeout }, async () => {
  await signIn()
  const other = await open(page.context())
  await other.waitForSelector('body.signed-in')
  await untilExpired()
  await Promise.all([page.click('#burst'), other.click('#burst')])
  for (const tab of [page, other])
    await expect.poll(() => tab.locator('.lane .ok').count(), { timeout: 10_000 }).toBe(30)
  expect(refreshed()).toEqual(['ok'])
  expect((await count('refreshes')) + (await count('refreshes', other))).toBe(1)
})
