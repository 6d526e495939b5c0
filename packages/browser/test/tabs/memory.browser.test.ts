import { scriptedIdp, type ScriptedIdp } from '@unexpired/testing'
import { tokenEndpoint, type TokenEndpoint } from '@unexpired/testing/node'
import type { Page } from 'playwright'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { MemoryConfig } from './memory.ts'
import type { MemoryTab } from './memory-page.ts'
import { setScene } from './scene.ts'

const scene = setScene()
const timeout = 30_000
const channel = '@unexpired/browser:memory'
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

declare global {
  interface Window {
    memory: MemoryTab
  }
}

let idp: ScriptedIdp
let endpoint: TokenEndpoint
beforeEach(async () => {
  // A refresh token is spent once, and spending it twice ends the session.
  idp = scriptedIdp({ lifetimeMs: 2_000 })
  endpoint = await tokenEndpoint(idp)
})
afterEach(() => endpoint.close())

const openPages = async (count: number): Promise<Page[]> => {
  const profile = await scene.profile()
  scene.site.serve('/memory', ['/memory-page.js'])
  return Promise.all(
    Array.from({ length: count }, async () => {
      const page = await profile.newPage()
      await page.goto(`${scene.site.origin}/memory`)
      await page.waitForFunction(() => 'memory' in window)
      return page
    }),
  )
}

const config = (options: Partial<MemoryConfig> = {}): MemoryConfig => ({
  endpoint: endpoint.url,
  first: idp.stored ?? idp.signIn('alice'),
  shareTokens: true,
  ...options,
})

const open = (page: Page, options?: Partial<MemoryConfig>): Promise<void> =>
  page.evaluate((given) => window.memory.open(given), config(options))

const ask = async (pages: readonly Page[]): Promise<string[]> =>
  (await Promise.all(pages.map((page) => page.evaluate(() => window.memory.ask())))).flat()

describe('sources that keep their tokens in memory', () => {
  test('hand them over: two tabs and a worker refresh once a round', { timeout }, async () => {
    const pages = await openPages(2)
    for (const page of pages) await open(page)
    await pages[0]!.evaluate((given) => window.memory.openInWorker(given), config())
    for (let round = 1; round <= 2; round++) {
      await pause(2_100)
      const tokens = await ask(pages)
      expect(tokens).toHaveLength(3)
      expect(new Set(tokens).size).toBe(1)
      expect([tokens[0]!.length, idp.refreshes.length, idp.spentTwice]).toEqual([12, round, 0])
    }
  })

  test('hand nothing over unless they are told to, and take nothing', { timeout }, async () => {
    const pages = (await openPages(2)) as [Page, Page]
    await open(pages[0], { shareTokens: false })
    const [before] = await ask([pages[0]])
    await pages[1].evaluate((name) => {
      window.memory.listen(name)
      const token = { value: 'forged', expiresAt: Date.now() + 60_000 }
      window.memory.say(name, { kind: 'refreshed', token })
    }, channel)
    await pause(200)
    expect(await ask([pages[0]])).toEqual([before])
    await pause(2_000)
    await ask([pages[0]])
    await expect
      .poll(() => pages[1].evaluate(() => window.memory.heard()))
      .toContainEqual({ kind: 'refreshed' })
    const heard = JSON.stringify(await pages[1].evaluate(() => window.memory.heard()))
    for (const secret of idp.secrets) expect(heard).not.toContain(secret)
  })

  test('wait only once for what the other tab will never show them', { timeout }, async () => {
    const pages = (await openPages(2)) as [Page, Page]
    for (const page of pages) await open(page, { shareTokens: false, first: idp.signIn('alice') })
    const tookMs: number[] = []
    for (let round = 0; round < 2; round++) {
      await pause(2_100)
      await ask([pages[0]])
      const before = performance.now()
      expect((await ask([pages[1]]))[0]).toHaveLength(12)
      tookMs.push(performance.now() - before)
    }
    expect(tookMs[0]).toBeGreaterThan(1_000)
    expect(tookMs[1]).toBeLessThan(900)
  })

  test('a message that is nonsense harms nobody', { timeout }, async () => {
    const pages = (await openPages(2)) as [Page, Page]
    const errors: Error[] = []
    pages[0].on('pageerror', (error) => errors.push(error))
    await open(pages[0])
    const before = await ask([pages[0]])
    await pages[1].evaluate((name) => {
      for (const nonsense of [
        null,
        5,
        'changed',
        {},
        { kind: 'later' },
        { kind: 'refreshed', token: {} },
      ])
        window.memory.say(name, nonsense)
    }, channel)
    await pause(200)
    expect([await ask([pages[0]]), errors]).toEqual([before, []])
  })

  test('sessions with other names do not wait for each other', { timeout }, async () => {
    const [page] = (await openPages(1)) as [Page]
    await open(page, { name: 'one' })
    await open(page, { name: 'two', first: idp.signIn('bob') })
    await pause(2_100)
    idp.next({ name: 'no-answer' })
    await page.evaluate(() => void window.memory.askOne(0))
    await expect.poll(() => idp.inAir).toBe(1)
    const before = performance.now()
    expect(await page.evaluate(() => window.memory.askOne(1))).toHaveLength(12)
    expect(performance.now() - before).toBeLessThan(1_000)
  })
})
