import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { brotliCompressSync } from 'node:zlib'
import { chromium } from 'playwright'
import type { Browser, BrowserContextOptions, Page, Response } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromium as pathOfChromium, launchArguments } from '../../../scripts/chromium.ts'
import { builtFile, htmlOf, pages, serveSite } from './site.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let browser: Browser
let site: Awaited<ReturnType<typeof serveSite>>

beforeAll(async () => {
  site = await serveSite()
  browser = await chromium.launch({
    executablePath: pathOfChromium(),
    args: [...launchArguments],
  })
})

afterAll(async () => {
  await browser.close()
  site.close()
})

interface Visit {
  readonly page: Page
  /** What should not have happened: errors in the console, requests to another host. */
  readonly faults: string[]
  /** Every script that was loaded. */
  readonly scripts: Response[]
}

const visit = async <R>(
  path: string,
  options: BrowserContextOptions,
  look: (visit: Visit) => Promise<R>,
): Promise<R> => {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  const faults: string[] = []
  const scripts: Response[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(`${site.origin}/`) && !request.url().startsWith('data:'))
      faults.push(`a request to ${request.url()}`)
  })
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) scripts.push(response)
  })
  try {
    await page.goto(site.origin + path, { waitUntil: 'networkidle' })
    return await look({ page, faults, scripts })
  } finally {
    await context.close()
  }
}

const violations = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<{
          violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[]
        }>
      }
    }
    const { violations: found } = await axe.run()
    return found.map(
      ({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.failureSummary ?? ''}`,
    )
  })
}

describe.each(pages)('%s', (path) => {
  test('opens without a fault, has one heading, and nothing that axe minds', async () => {
    await visit(path, {}, async ({ page, faults }) => {
      expect(await page.locator('h1').count()).toBe(1)
      expect(await violations(page)).toEqual([])
      expect(faults).toEqual([])
    })
  })
})

const various = ['/', '/guides/axios', '/errors/timeout', '/errors/', '/playground']

test.each(various)('%s has nothing that axe minds in the dark', async (path) => {
  await visit(path, { colorScheme: 'dark' }, async ({ page }) => {
    expect(await page.locator('html.dark').count()).toBe(1)
    expect(await violations(page)).toEqual([])
  })
})

test.each([...various, '/start/how-it-works', '/guides/amplify'])(
  '%s fits on a phone',
  async (path) => {
    await visit(path, { viewport: { width: 360, height: 740 } }, async ({ page }) => {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(wide).toBeLessThanOrEqual(360)
      expect(await violations(page)).toEqual([])
    })
  },
)

test('every link within the site has a page, and every # a place on it', async () => {
  const html = new Map(
    await Promise.all(pages.map(async (path) => [path, await htmlOf(path)] as const)),
  )
  const broken: string[] = []
  for (const [from, text] of html) {
    for (const [, link = ''] of text.matchAll(/<a[^>]*\shref="([^"]+)"/g)) {
      const { origin, pathname, hash } = new URL(
        link.replaceAll('&amp;', '&'),
        `http://site${from}`,
      )
      if (origin !== 'http://site') continue
      const target = html.get(pathname)
      const place = decodeURIComponent(hash.slice(1))
      if (!target || (place && !target.includes(`id="${place}"`))) broken.push(`${from}: ${link}`)
    }
  }
  expect(broken).toEqual([])
})

test('llms.txt names every page but the home page, the single error codes and the single packages', async () => {
  const text = await builtFile('llms.txt')
  const named = [...text.matchAll(/\]\((\/[^)]*)\)/g)].map(([, link]) => link)
  const expected = pages.filter(
    (path) => path !== '/' && !/^\/(errors|reference\/(api|changelogs))\/./.test(path),
  )
  expect(named.toSorted()).toEqual(expected)
  expect(text.split('\n').filter((line) => line.startsWith('- ') && !line.includes('): '))).toEqual(
    [],
  )
})

test('the home page loads at most 150 kB of script, and no playground', async () => {
  await visit('/', {}, async ({ scripts }) => {
    const bodies = await Promise.all(scripts.map((script) => script.body()))
    const total = bodies.reduce((sum, body) => sum + brotliCompressSync(body).length, 0)
    expect(scripts.length).toBeGreaterThan(1)
    expect(total).toBeGreaterThan(10_000)
    expect(total).toBeLessThanOrEqual(150_000)
    expect(scripts.filter((script) => /\/Playground\./.test(script.url()))).toEqual([])
  })
})

test('search finds the page of a symptom', async () => {
  await visit('/', {}, async ({ page, faults }) => {
    await page.keyboard.press('/')
    await page.getByRole('searchbox').fill('signed out at random')
    await page.getByRole('dialog').getByRole('link').first().waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.waitForURL(/troubleshooting#signed-out-at-random/)
    expect(faults).toEqual([])
  })
})

const count = async (page: Page, name: string): Promise<string> =>
  (await page.locator(`[data-count="${name}"]`).textContent())?.trim() ?? ''

const ended = (page: Page): Promise<unknown> =>
  page.getByRole('button', { name: 'Run again' }).waitFor()

describe('the playground', () => {
  test('shows one refresh for twenty requests, and twenty or more with the widespread interceptor', async () => {
    await visit('/playground', {}, async ({ page, faults }) => {
      await page.getByRole('button', { name: 'Run', exact: true }).click()
      await ended(page)
      expect(await count(page, 'requests')).toBe('21')
      expect(await count(page, 'refreshes')).toBe('1')
      expect(await count(page, 'failed')).toBe('0')
      expect(await page.getByText('waits for a token').isVisible()).toBe(true)

      await page.getByLabel('Client').selectOption('The widespread interceptor')
      await page.getByRole('button', { name: 'Run', exact: true }).click()
      await ended(page)
      expect(Number(await count(page, 'refreshes'))).toBeGreaterThanOrEqual(20)
      expect(await count(page, 'session')).toBe('signed out')
      expect(await violations(page)).toEqual([])
      expect(faults).toEqual([])
    })
  })

  test('compares all three', async () => {
    await visit('/playground', {}, async ({ page }) => {
      const cells = (name: string): Promise<string[]> =>
        page.getByRole('row', { name }).getByRole('cell').allTextContents()
      await page.getByRole('row', { name: 'Refresh after a 401 only' }).waitFor()
      expect((await cells('Unexpired'))[0]).toBe('1')
      expect(Number((await cells('The widespread interceptor'))[0])).toBeGreaterThanOrEqual(20)
    })
  })

  test('keeps its settings in the address', async () => {
    await visit('/playground?tabs=4&burst=5', {}, async ({ page }) => {
      await page.getByRole('button', { name: 'Send 5 more' }).waitFor()
      await page.getByLabel('Token lifetime').selectOption('1 minute')
      await page.waitForURL(
        /\?lifetime=60000&tabs=4&burst=5$|tabs=4.*lifetime=60000|burst=5.*lifetime=60000/,
      )
      await page.reload({ waitUntil: 'networkidle' })
      await page.getByRole('button', { name: 'Send 5 more' }).waitFor()
      expect(await page.getByLabel('Token lifetime').inputValue()).toBe('0')
    })
  })

  test('runs, pauses and steps by keyboard, and says what has come of it', async () => {
    await visit('/playground', { reducedMotion: 'no-preference' }, async ({ page }) => {
      await page.getByLabel('Speed').selectOption('a twentieth')
      await page.getByRole('button', { name: 'Run', exact: true }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Pause' }).waitFor()
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
      await expect.poll(() => page.getByRole('status').textContent()).toMatch(/refresh/)
      await page.keyboard.press('Tab')
      for (let step = 0; step < 60 && (await count(page, 'answered')) !== '21'; step++)
        await page.keyboard.press('Enter')
      expect(await count(page, 'answered')).toBe('21')
      const picture = page.getByRole('img', { name: /21 requests, 1 refresh: 21 answered/ })
      expect(await picture.count()).toBe(1)
    })
  })

  test('moves while it runs, and comes to its end', async () => {
    await visit('/playground', { reducedMotion: 'no-preference' }, async ({ page }) => {
      await page.getByLabel('Speed').selectOption('tenfold')
      await page.getByRole('button', { name: 'Run', exact: true }).click()
      await ended(page)
      expect(await count(page, 'answered')).toBe('21')
    })
  })
})
