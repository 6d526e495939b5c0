import type { Browser, BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll } from 'vitest'
import type { UserPool } from '@unexpired/cognito-emulator'
import { launchChromium } from '../engines/chromium.ts'
import type { OtherVersion } from './bundles.ts'
import { openSite, type Site } from './site.ts'
import type { TabOptions } from './tab.ts'

/** A site, a user pool and a Chromium, for the tests of a file. */
export interface Scene {
  readonly site: Site
  readonly pool: UserPool
  /** A new browser profile: storage and locks are shared by its tabs, and by nobody else. */
  profile(): Promise<BrowserContext>
  /** Opens so many pages that behave like this, in a profile of their own. */
  tabs(count: number, options: TabOptions): Promise<Page[]>
  open(profile: BrowserContext, options: TabOptions, path?: string): Promise<Page>
  /** How many refreshes the pool has carried out. */
  refreshed(): number
  /** How often a refresh token was spent a second time. */
  reused(): number
}

/** Sets the scene for the tests of a file. */
export const setScene = (versions?: Readonly<Record<string, OtherVersion>>): Scene => {
  let site: Site
  let browser: Browser
  let profiles: BrowserContext[] = []
  beforeAll(async () => {
    ;[site, browser] = await Promise.all([openSite({}, versions), launchChromium()])
  })
  afterEach(async () => {
    for (const profile of profiles) await profile.close()
    profiles = []
    site.statuses.length = 0
    site.pool.clearFaults()
    site.pool.clearLog()
  })
  afterAll(async () => {
    await browser.close()
    await site.close()
  })

  const count = (outcome: string): number =>
    site.pool.log.filter(
      (entry) => entry.operation === 'GetTokensFromRefreshToken' && entry.outcome === outcome,
    ).length

  const scene: Scene = {
    get site() {
      return site
    },
    get pool() {
      return site.pool
    },
    async profile() {
      const profile = await browser.newContext()
      profiles.push(profile)
      return profile
    },
    async open(profile, options, path) {
      const page = await profile.newPage()
      const failed = new Promise<never>((_, reject) => page.once('pageerror', reject))
      failed.catch(() => {})
      await page.goto(site.address(options, path))
      await Promise.race([page.waitForFunction(() => 'tab' in window), failed])
      return page
    },
    async tabs(number, options) {
      const profile = await scene.profile()
      return Promise.all(Array.from({ length: number }, () => scene.open(profile, options)))
    },
    refreshed: () => count('ok'),
    reused: () => count('RefreshTokenReuseException'),
  }
  return scene
}

/** Signs alice in in the first of these tabs, and lets the others know their token. */
export const signInAlice = async ([first, ...others]: readonly Page[]): Promise<void> => {
  await first!.evaluate(() => window.tab.signIn('alice', 'Secret-1'))
  for (const tab of others) await tab.evaluate(() => window.tab.calls(1))
}
