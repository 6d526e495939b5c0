import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { setScene, signInAlice } from './scene.ts'

const scene = setScene()
const timeout = 30_000

describe('another session while a refresh is in the air', () => {
  const refreshSlowly = async (): Promise<[Page, Page, Promise<unknown>]> => {
    const [a, b] = (await scene.tabs(2, { pattern: 'ours' })) as [Page, Page]
    await signInAlice([a, b])
    const fault = scene.pool.fail({
      operation: 'GetTokensFromRefreshToken',
      times: 1,
      with: { kind: 'delay', delayMs: 700 },
    })
    const refreshing = b.evaluate(() => window.tab.refresh())
    await expect.poll(() => fault.met).toBe(1)
    return [a, b, refreshing]
  }

  test(
    'sign-out in one tab while the other refreshes: both are signed out',
    { timeout },
    async () => {
      const [a, b, refreshing] = await refreshSlowly()
      await a.evaluate(() => window.tab.signOut())
      expect(await refreshing).toEqual({ error: 'signed-out' })
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      for (const tab of [a, b])
        expect(await tab.evaluate(() => window.tab.calls(1))).toMatchObject([
          { error: 'signed-out' },
        ])
    },
  )

  test(
    'bob signs in in one tab while the other refreshes for alice: both are bob, never alice',
    { timeout },
    async () => {
      const [a, b, refreshing] = await refreshSlowly()
      await a.evaluate(async () => {
        await window.tab.signOut()
        await window.tab.signIn('bob', 'Secret-2')
      })
      expect(await refreshing).toHaveProperty('error')
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      for (const tab of [a, b])
        expect(await tab.evaluate(() => window.tab.calls(1))).toMatchObject([{ user: 'bob' }])
    },
  )
})

test(
  'one tab is throttled, and the other knows; one recovers, and so does the other',
  { timeout },
  async () => {
    const [a, b] = (await scene.tabs(2, { pattern: 'ours', refreshTimeoutMs: 2_000 })) as [
      Page,
      Page,
    ]
    await signInAlice([a, b])
    const fault = scene.pool.fail({
      operation: 'GetTokensFromRefreshToken',
      with: { kind: 'throttle' },
    })
    expect(await a.evaluate(() => window.tab.refresh())).toHaveProperty('error')
    const retryAt = (tab: Page): Promise<number | undefined> =>
      tab.evaluate(() => window.tab.snapshot().retryAt)
    expect(await retryAt(b)).toEqual(expect.any(Number))
    fault.clear()
    await expect
      .poll(() => a.evaluate(() => window.tab.refresh()), { timeout: 15_000 })
      .toMatchObject({ user: 'alice' })
    await expect.poll(() => retryAt(b)).toBeUndefined()
  },
)

test(
  'the session has ended at Cognito: each tab says so, and nothing is tried again',
  { timeout },
  async () => {
    const tabs = await scene.tabs(2, { pattern: 'ours' })
    await signInAlice(tabs)
    scene.pool.revokeSessions('alice')
    const [first, second] = await Promise.all(
      tabs.map((tab) => tab.evaluate(() => window.tab.refresh())),
    )
    expect(first!.error).toMatch(/^(session-|signed-out)/)
    expect(second!.error).toMatch(/^(session-|signed-out)/)
    // The second tab may have asked before its store showed what the first had cleared.
    await new Promise((resolve) => setTimeout(resolve, 500))
    const asked = scene.pool.log.length
    expect(asked).toBeLessThanOrEqual(4)
    for (const tab of tabs)
      expect((await tab.evaluate(() => window.tab.calls(1)))[0]).toHaveProperty('error')
    expect(scene.pool.log.length).toBe(asked)
  },
)
