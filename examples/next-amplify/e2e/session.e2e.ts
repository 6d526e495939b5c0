import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { appUrl, soon } from './server.ts'
import { ask, load, newPerson, setHidden, signIn, startStage, ways, type Stage } from './stage.ts'

const lifetimeSeconds = 10
/** Past several expiries. */
const idleMs = 25_000

let stage: Stage
let person: BrowserContext

beforeAll(async () => {
  stage = await startStage(lifetimeSeconds)
})
afterAll(() => stage?.close())
beforeEach(async () => {
  person = await newPerson(stage)
})
afterEach(async () => {
  stage.backend.pool.clearFaults()
  await person.close()
})

/** For the README; taken anew by `PICTURES=1 pnpm test:e2e`. */
const picture = async (page: Page, name: string): Promise<unknown> =>
  process.env.PICTURES &&
  page.screenshot({
    path: join(import.meta.dirname, '../pictures', `${name}.png`),
    clip: { x: 0, y: 0, width: 1280, height: 420 },
  })

const banner = (page: Page, status: string): Promise<unknown> =>
  page.waitForSelector(`[data-testid=banner][data-status=${status}]`, { timeout: 30_000 })

/** What came since: refreshes that took place, and whether a refresh token was spent twice. */
const since = (moment: number): { refreshes: number; reuses: number; refused: number } => {
  const entries = stage.backend.activity.filter(({ at }) => at >= moment)
  const refreshes = entries.filter(({ kind }) => kind === 'refresh')
  return {
    refreshes: refreshes.filter(({ outcome }) => outcome === 'ok').length,
    reuses: refreshes.filter(({ outcome }) => outcome === 'RefreshTokenReuseException').length,
    refused: entries.filter(({ kind, outcome }) => kind === 'request' && outcome === '401').length,
  }
}

/** Idles with the tab hidden, comes back, and does all that a person does: at once, where `together`. */
const comeBack = async (page: Page, path: string): Promise<string[]> => {
  await setHidden(page, true)
  await soon(idleMs)
  await setHidden(page, false)
  const clicks = await Promise.all(
    ways.map((way) => ask(page, way).catch((error: Error) => `${way}: ${error.message}`)),
  )
  return [...clicks, await load(page, path).catch((error: Error) => error.message)]
}

const tabs = async (count: number, path: string): Promise<Page[]> => {
  const first = await person.newPage()
  await signIn(first, 'alice', path)
  const others = await Promise.all(Array.from({ length: count - 1 }, () => person.newPage()))
  await Promise.all(others.map((page) => page.goto(`${appUrl}${path}`)))
  return [first, ...others]
}

describe.each([1, 2, 4])(
  '%i tab(s), hidden past several expiries, rotation without grace',
  (count) => {
    test('nothing fails, nobody is signed out, no refresh token is spent twice', async () => {
      const pages = await tabs(count, '/dashboard')
      const start = Date.now()
      const seen = await Promise.all(pages.map((page) => comeBack(page, '/dashboard')))
      expect(seen).toEqual(pages.map(() => ['ok', 'ok', 'ok', 'ok']))
      expect(since(start)).toMatchObject({ reuses: 0, refused: 0 })
      // A second round in the same pages, to see that the session goes on.
      await soon(lifetimeSeconds * 1000)
      expect(await Promise.all(pages.map((page) => load(page, '/dashboard')))).toEqual(
        pages.map(() => 'ok'),
      )
    })
  },
)

test('the Pages Router and a navigation on the client go on as well', async () => {
  const [page] = await tabs(1, '/dashboard')
  await soon(idleMs)
  expect(await load(page!, '/legacy')).toBe('ok')
  await page!.goto(`${appUrl}/`)
  await soon(lifetimeSeconds * 1000 + 1_000)
  await page!.click('text=Open the dashboard')
  await page!.waitForSelector('[data-testid=answer-page][data-ok=true]')
  expect(await page!.textContent('[data-testid=who]')).toBe('Hello, alice.')
})

test('a click and a navigation at the same moment spend one refresh token, not two', async () => {
  const [page, other] = await tabs(2, '/dashboard')
  await soon(lifetimeSeconds * 1000 + 1_000)
  const start = Date.now()
  const seen = await Promise.all([
    ask(page!, 'client'),
    ask(page!, 'route'),
    load(other!, '/dashboard'),
  ])
  expect(seen).toEqual(['ok', 'ok', 'ok'])
  expect(since(start)).toEqual({ refreshes: 1, reuses: 0, refused: 0 })
})

test('after a day of sleep one signs in again, and is back where one was', async () => {
  const { pool } = stage.backend
  pool.configure({ refreshTokenSeconds: lifetimeSeconds })
  const [page] = await tabs(1, '/activity')
  pool.configure({ refreshTokenSeconds: 2_592_000 })
  await setHidden(page!, true)
  await soon(lifetimeSeconds * 1000 + 2_000)
  await setHidden(page!, false)
  await banner(page!, 'signed-out')
  await picture(page!, 'signed-out')
  await page!.click('[data-testid=sign-in-again]')
  await page!.fill('[name=password]', 'secret')
  await page!.click('[data-testid=sign-in]')
  await page!.waitForURL(`${appUrl}/activity`)
})

test('a page of a session that is over leads to the sign-in page', async () => {
  const [page] = await tabs(1, '/dashboard')
  stage.backend.pool.revokeSessions('alice')
  await soon(lifetimeSeconds * 1000 + 1_000)
  await page!.goto(`${appUrl}/dashboard`)
  expect(new URL(page!.url()).pathname).toBe('/sign-in')
})

test('Cognito is down for 30 s: the page says so, nobody is signed out, and then all goes on', async () => {
  const [page] = await tabs(1, '/dashboard')
  stage.backend.pool.fail({
    operation: 'GetTokensFromRefreshToken',
    with: { kind: 'status', status: 503, body: '{}' },
  })
  const start = Date.now()
  await soon(lifetimeSeconds * 1000 + 1_000)
  expect(await ask(page!, 'client')).toMatch(/slow on our side/)
  await banner(page!, 'cooling-down')
  await picture(page!, 'cooling-down')
  expect(await ask(page!, 'action')).toMatch(/slow on our side/)
  expect(await load(page!, '/dashboard')).toMatch(/page: .*(slow on our side)/)
  await soon(Math.max(0, 30_000 - (Date.now() - start)))
  stage.backend.pool.clearFaults()
  await soon(2_500)
  expect(await load(page!, '/dashboard')).toBe('ok')
  expect(await ask(page!, 'client')).toBe('ok')
})

test('offline: the banner says so, and it heals by itself', async () => {
  const [page] = await tabs(1, '/dashboard')
  await picture(page!, 'well')
  await soon(lifetimeSeconds * 1000 + 1_000)
  await person.setOffline(true)
  await ask(page!, 'client')
  await banner(page!, 'offline')
  await picture(page!, 'offline')
  await person.setOffline(false)
  await page!.waitForSelector('[data-testid=banner]', { state: 'detached', timeout: 20_000 })
  expect(await ask(page!, 'client')).toBe('ok')
})

test('a sign-out in one tab is seen in the other', async () => {
  const [page, other] = await tabs(2, '/dashboard')
  expect(await ask(other!, 'client')).toBe('ok')
  await page!.click('[data-testid=sign-out]')
  await banner(other!, 'signed-out')
  await other!.reload()
  expect(new URL(other!.url()).pathname).toBe('/sign-in')
})

test.each([1, 2])(
  'control: the widespread pattern in the same app loses the session (%i tab(s))',
  async (count) => {
    const pages = await tabs(count, '/widespread')
    const seen = await Promise.all(pages.map((page) => comeBack(page, '/widespread')))
    expect(seen.flat().filter((outcome) => outcome !== 'ok')).not.toEqual([])
    console.log('widespread pattern:', JSON.stringify(seen))
  },
)
