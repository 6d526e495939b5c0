import { describe, expect, test } from 'vitest'
import { retryAfter, TokenError } from '../src/index.ts'
import { refuse, send } from './request.ts'
import { hour, minute, scene, second, type Scene, type TestToken } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch, type Watched } from './watch.ts'

expectNothingUnhandled()

const ended = { lifetimeMs: -minute }
const down = (): Promise<TestToken> =>
  Promise.reject(new TokenError('server-error', 'It is down. Wait.'))
const throttled = (own: Scene, ms: number) => (): Promise<TestToken> =>
  Promise.reject(
    new TokenError('throttled', 'Too many. Wait.', {
      retryAt: retryAfter(String(ms / second), own.clock.now()),
    }),
  )

/** Somebody asks ten times a second, for so long. */
const ask = async (own: Scene, ms: number): Promise<Watched<unknown>[]> => {
  const asked: Watched<unknown>[] = []
  for (let passed = 0; passed < ms; passed += 100) {
    asked.push(watch(own.policy.token()))
    await own.clock.advance(100)
  }
  return asked
}

describe('rule 9: storms end', () => {
  test('many callers in an outage of ten minutes cost a bounded number of refreshes', async () => {
    const own = scene({ stored: ended })
    own.provider = down
    await ask(own, 10 * minute)
    // 1 + 2 + 4 + ... + 60 + 60 ... s with jitter from a quarter to the whole.
    expect(own.calls.length).toBeGreaterThan(10)
    expect(own.calls.length).toBeLessThan(35)
    expect(own.refreshes()).toHaveLength(own.calls.length)
  })

  test('everybody who asks in an outage gets an answer within the deadline', async () => {
    const own = scene({ stored: ended })
    own.provider = down
    const asked = await ask(own, 2 * minute)
    await own.clock.advance(10 * second)
    expect(asked.filter(({ code }) => code !== 'server-error')).toEqual([])
  })

  test('who waits is served as soon as the provider is back, within the same wait', async () => {
    const own = scene({ stored: ended })
    own.provider = down
    const waiting = watch(own.policy.token())
    await own.clock.advance(100)
    own.provider = async () => own.mint()
    await own.clock.advance(second)
    expect(waiting.value?.value).toBe('secret-access-2')
  })

  test('pauses double with each failure, with jitter, up to the longest', async () => {
    const own = scene({ stored: { lifetimeMs: hour }, options: { keepFresh: true } })
    own.provider = down
    const at: number[] = []
    own.policy.subscribe(({ type }) => type === 'refresh' && at.push(own.clock.now()))
    send(own.policy)
    await own.clock.advance(hour)
    const pauses = at.slice(1).map((moment, i) => moment - (at[i] ?? 0))
    expect(pauses.length).toBeGreaterThan(8)
    for (const [i, ms] of pauses.entries()) {
      const full = Math.min(minute, second * 2 ** i)
      expect(ms).toBeGreaterThanOrEqual(full / 4)
      expect(ms).toBeLessThanOrEqual(full)
    }
    expect(new Set(pauses.slice(6)).size).toBeGreaterThan(1)
  })

  test('after a success the next failure starts over', async () => {
    const own = scene()
    own.provider = down
    for (let i = 0; i < 8; i++) {
      void watch(own.policy.refresh())
      await own.clock.advance(minute)
    }
    own.provider = async () => own.mint()
    await own.policy.refresh()
    own.provider = down
    own.policy.refresh().catch(() => {})
    await own.clock.advance(0)
    const { retryAt = 0 } = own.policy.snapshot()
    expect(retryAt - own.clock.now()).toBeLessThanOrEqual(second)
    expect(retryAt - own.clock.now()).toBeGreaterThanOrEqual(second / 4)
  })

  test('Retry-After is honoured: nobody asks before, and who would wait in vain is told at once', async () => {
    const own = scene({ stored: ended })
    own.provider = throttled(own, 30 * second)
    const first = watch(own.policy.token())
    await own.clock.advance(0)
    expect(first.error).toMatchObject({ code: 'throttled', retryAt: own.clock.now() + 30 * second })
    const asked = await ask(own, 15 * second)
    expect(asked.filter(({ code }) => code !== 'throttled')).toEqual([])
    expect(own.calls).toHaveLength(1)
    own.provider = async () => own.mint()
    const waiting = watch(own.policy.token())
    expect(await own.clock.advance(5.1 * second)).toBeUndefined()
    const inTime = watch(own.policy.token())
    await own.clock.advance(9.9 * second)
    expect([waiting.code, inTime.value?.value]).toEqual(['throttled', 'secret-access-2'])
    expect(own.calls).toHaveLength(2)
  })

  test('a pause that ends with the wait itself is not waited for', async () => {
    const own = scene({ stored: ended })
    own.provider = throttled(own, 10 * second)
    const waiting = watch(own.policy.token())
    await own.clock.advance(0)
    expect(waiting.code).toBe('throttled')
  })

  test('a Retry-After shorter than the backoff does not shorten it', async () => {
    const own = scene({ stored: ended, options: { retryBaseMs: 8 * second } })
    own.provider = throttled(own, 0)
    void watch(own.policy.token())
    await own.clock.advance(0)
    expect(own.policy.snapshot().retryAt).toBeGreaterThanOrEqual(own.clock.now() + 2 * second)
  })

  test('no pause is longer than a day, whatever a source or another tab says', async () => {
    for (const retryAt of [Infinity, 8.64e15]) {
      const own = scene({ stored: { lifetimeMs: 1_000 * hour } })
      own.provider = () => Promise.reject(new TokenError('throttled', 'Wait.', { retryAt }))
      own.policy.refresh().catch(() => {})
      await own.clock.advance(0)
      expect(own.policy.snapshot().retryAt).toBe(own.clock.now() + 24 * hour)
    }
  })

  test('a manual refresh during a pause waits for its end, if that is in time', async () => {
    const own = scene({ options: { retryBaseMs: 4 * second } })
    own.provider = down
    const early = watch(own.policy.refresh())
    await own.clock.advance(0)
    own.provider = async () => own.mint()
    expect(own.calls).toHaveLength(1)
    await own.clock.advance(4 * second)
    expect(early.value?.value).toBe('secret-access-2')
    expect(own.calls).toHaveLength(2)
  })

  test('what happens in the background does not wait: it starts nothing during a pause', async () => {
    const own = scene({
      stored: { lifetimeMs: 10 * minute },
      options: { retryBaseMs: 30 * second },
    })
    own.provider = down
    await own.clock.advance(9 * minute)
    send(own.policy)
    await own.clock.advance(0)
    for (let i = 0; i < 7; i++) {
      send(own.policy)
      own.policy.recheck()
      refuse(own.policy, send(own.policy), { replayable: false })
      await own.clock.advance(second)
    }
    expect(own.calls).toHaveLength(1)
    expect(own.clock.pending).toBe(0)
  })
})
