import { execFileSync } from 'node:child_process'
import { createPolicy, type PolicyEvent } from '@unexpired/core'
import { describe, expect, test } from 'vitest'
import { acrossTabs, type AcrossTabsOptions } from './across-tabs.ts'

describe('acrossTabs', () => {
  test.each<AcrossTabsOptions>([
    { waitMs: -1 },
    { waitMs: Infinity },
    { waitMs: NaN },
    { catchUpMs: -1 },
    { catchUpMs: Infinity },
    { catchUpMs: 'soon' as never },
  ])('refuses %o', (options) => {
    expect(() => acrossTabs(options)).toThrow(
      /^acrossTabs: waitMs and catchUpMs must be 0 ms or more/,
    )
  })

  test('takes no time at all for an answer', () => {
    expect(acrossTabs({ waitMs: 0, catchUpMs: 0 })).toBeDefined()
  })

  test('in Node, which has no IndexedDB, it refreshes all the same and says so once', async () => {
    let minted = 0
    const events: PolicyEvent[] = []
    const policy = createPolicy({
      source: {
        name: 'node',
        read: () => ({ value: `token-${minted}`, expiresAt: Date.now() + 60_000 }),
        refresh: async () => ({ value: `token-${++minted}`, expiresAt: Date.now() + 60_000 }),
      },
      origins: ['https://api.example.com'],
      coordinator: acrossTabs(),
    })
    policy.subscribe((event) => events.push(event))
    for (const value of ['token-1', 'token-2'])
      expect(await policy.refresh()).toMatchObject({ value })
    policy.dispose()
    expect(events.filter(({ type }) => type === 'notice')).toMatchObject([
      { message: expect.stringContaining('There is no IndexedDB here') },
    ])
  })

  test('keeps no process alive', () => {
    const script = `
      import { createPolicy } from '@unexpired/core'
      import { acrossTabs, browserSignals } from '@unexpired/browser'
      const token = () => ({ value: 'a' + Math.random(), expiresAt: Date.now() + 60_000 })
      const policy = createPolicy({
        source: { name: 'node', read: token, refresh: async () => token() },
        origins: ['https://api.example.com'],
        coordinator: acrossTabs(),
      })
      browserSignals(policy)
      await policy.refresh()
      console.log('refreshed')`
    const flags = ['--conditions=@unexpired/source', '--input-type=module', '-e', script]
    expect(execFileSync(process.execPath, flags, { timeout: 10_000 }).toString()).toBe(
      'refreshed\n',
    )
  })
})
