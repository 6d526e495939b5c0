import { describe, expect, test } from 'vitest'
import { refuse, send, sentToken } from './request.ts'
import { hour, minute, scene, second } from './scene.ts'

describe('rule 3: one replay', () => {
  test('the header to replay with is that of the token which replaced the refused one', async () => {
    const own = scene()
    const header = send(own.policy)
    const replay = refuse(own.policy, header)
    await own.clock.advance(0)
    expect(replay.value?.name).toBe(header.name)
    expect(sentToken(replay.value)).not.toBe(sentToken(header))
  })

  test('an API that refuses every token costs a bounded number of refreshes', async () => {
    const own = scene()
    for (let i = 0; i < 1_000; i++) {
      refuse(own.policy, send(own.policy))
      await own.clock.advance(100)
    }
    // 100 s: three at once, then pauses of 1, 2, 4, ... s with jitter.
    expect(own.calls.length).toBeGreaterThan(5)
    expect(own.calls.length).toBeLessThan(13)
  })

  // Guards against a storm: who came with the token that was just being stored waited for that refresh,
  // and started the next one without a look at how many there had been.
  test('nor does one for each token that is refused while it is being stored', async () => {
    const own = scene({
      subscribes: true,
      source: { store: () => new Promise((resolve) => void own.clock.setTimeout(resolve, second)) },
    })
    for (let i = 0; i < 200; i++) {
      refuse(own.policy, send(own.policy))
      await own.clock.advance(500)
    }
    expect(own.calls.length).toBeGreaterThan(5)
    expect(own.calls.length).toBeLessThan(13)
  })

  test('while its refusals are not believed, the answer of the server stands', async () => {
    const own = scene()
    const replays = []
    for (let i = 0; i < 5; i++) {
      replays.push(refuse(own.policy, send(own.policy)))
      await own.clock.advance(0)
    }
    expect(replays.map(({ state }) => state)).toEqual(Array(5).fill('fulfilled'))
    expect(replays.map(({ value }) => sentToken(value))).toEqual([
      'secret-access-2',
      'secret-access-3',
      'secret-access-4',
      undefined,
      undefined,
    ])
  })

  test('after a quiet time refusals are believed again', async () => {
    const own = scene({ stored: { lifetimeMs: 24 * hour } })
    own.provider = async () => own.mint({ lifetimeMs: 24 * hour })
    for (let round = 0; round < 10; round++) {
      for (let i = 0; i < 3; i++) {
        const replay = refuse(own.policy, send(own.policy))
        await own.clock.advance(second)
        expect(replay.value).toBeDefined()
      }
      await own.clock.advance(3 * minute)
    }
    expect(own.calls).toHaveLength(30)
  })
})
