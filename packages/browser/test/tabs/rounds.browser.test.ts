import { describe, expect, test } from 'vitest'
import { playRounds } from './rounds.ts'
import { setScene } from './scene.ts'

const scene = setScene()
/** `pnpm test:browsers` plays hundreds. */
const rounds = 3
const timeout = 90_000

const perfect = { rounds, refreshes: rounds, reused: 0, lost: 0, failures: {} }

describe('three tabs, ten calls each, tokens expired', () => {
  test('at once: one refresh a round, no session lost', { timeout }, async () => {
    const tabs = await scene.tabs(3, { pattern: 'ours' })
    expect(await playRounds(scene.pool, tabs, { rounds })).toEqual(perfect)
  })

  test('50 ms apart: the same', { timeout }, async () => {
    const tabs = await scene.tabs(3, { pattern: 'ours' })
    expect(await playRounds(scene.pool, tabs, { rounds, laterMs: 50 })).toEqual(perfect)
  })

  test('the control: the pasted pattern loses sessions', { timeout }, async () => {
    // It refreshes within five minutes of the end, so a minute is enough; in the last five seconds
    // Amplify refreshes by itself, and nobody could even sign in.
    scene.pool.configure({ accessTokenSeconds: 60, idTokenSeconds: 60 })
    const tabs = await scene.tabs(3, { pattern: 'pasted' })
    const { lost, reused } = await playRounds(scene.pool, tabs, { rounds, laterMs: 20 })
    scene.pool.configure({ accessTokenSeconds: 2, idTokenSeconds: 2 })
    expect(lost).toBeGreaterThan(0)
    expect(reused).toBeGreaterThan(0)
  })
})
