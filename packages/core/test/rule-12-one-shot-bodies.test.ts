import { describe, expect, test } from 'vitest'
import { after, never } from './provider.ts'
import { refuse, send, sentToken } from './request.ts'
import { minute, scene, second } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'

expectNothingUnhandled()

describe('rule 12: one-shot bodies are not corrupted', () => {
  test('a request that cannot be sent again is not replayed, and the token is refreshed for the next', async () => {
    const own = scene()
    const replay = refuse(own.policy, send(own.policy), { replayable: false })
    await own.clock.advance(0)
    expect([replay.state, replay.value]).toEqual(['fulfilled', undefined])
    expect(own.calls).toMatchObject([{ reason: 'refused' }])
    expect(sentToken(send(own.policy))).toBe('secret-access-2')
  })

  test('it does not wait for that refresh, nor hear of its failure', async () => {
    for (const provider of [never, () => Promise.reject(new Error('down'))]) {
      const own = scene()
      own.provider = provider
      const replay = refuse(own.policy, send(own.policy), { replayable: false })
      await own.clock.advance(0)
      expect([replay.state, replay.value]).toEqual(['fulfilled', undefined])
      await own.clock.advance(minute)
      expect(own.calls).toHaveLength(1)
    }
  })

  test('it is not replayed with a token that is there already either', async () => {
    const own = scene()
    const header = send(own.policy)
    await own.policy.refresh()
    const replay = refuse(own.policy, header, { replayable: false })
    await own.clock.advance(0)
    expect([replay.state, replay.value]).toEqual(['fulfilled', undefined])
    expect(own.calls).toHaveLength(1)
  })

  test('many of them, and those that can be replayed, share one refresh', async () => {
    const own = scene()
    own.provider = () => after(own.clock, second, () => own.mint())
    const header = send(own.policy)
    for (let i = 0; i < 10; i++) refuse(own.policy, header, { replayable: false })
    await own.clock.advance(10)
    const replay = refuse(own.policy, header, { replayable: true })
    await own.clock.advance(second)
    expect(sentToken(replay.value)).toBe('secret-access-2')
    expect(own.calls).toHaveLength(1)
  })

  test('after a sign-out it fails like any other', async () => {
    const own = scene()
    const header = send(own.policy)
    own.stored = undefined
    const replay = refuse(own.policy, header, { replayable: false })
    await own.clock.advance(0)
    expect(replay.code).toBe('signed-out')
  })
})
