import { describe, expect, test } from 'vitest'
import { virtualClock } from '@unexpired/testing'
import { after } from './provider.ts'
import { refuse, send, sentToken } from './request.ts'
import { hour, minute, scene, second, url, type Scene, type SceneOptions } from './scene.ts'
import { watch } from './watch.ts'

/** A session that has just been refreshed, where the provider's clock is ahead of this one by so much. */
const skewed = async (aheadMs: number, setup: SceneOptions = {}): Promise<Scene> => {
  const before = virtualClock().now() + aheadMs - 2 * hour
  const own = scene({ stored: { issuedAt: before, expiresAt: before + hour }, ...setup })
  own.provider = () =>
    after(own.clock, 100, () => {
      const now = own.clock.now() + aheadMs
      // An `iat` is cut to a second.
      const issuedAt = Math.floor(now / second) * second
      return own.mint({ issuedAt, expiresAt: issuedAt + hour })
    })
  const waiting = watch(own.policy.refresh())
  await own.clock.advance(100)
  expect(waiting.state).toBe('fulfilled')
  return own
}

describe('rule 13: clock skew is learned', () => {
  test.each([
    ['an hour behind', -hour],
    ['half an hour behind', -hour / 2],
    ['in time', 0],
    ['an hour ahead', hour],
    ['twenty hours ahead', 20 * hour],
  ])(
    'a token of a provider whose clock is %s lives as long as it should here',
    async (_, aheadMs) => {
      const own = await skewed(aheadMs)
      const endsIn = (own.policy.snapshot().expiresAt ?? 0) - own.clock.now()
      expect(endsIn).toBeLessThanOrEqual(hour)
      expect(endsIn).toBeGreaterThanOrEqual(hour - 1.2 * second)
      await own.clock.advance(53 * minute)
      expect(sentToken(send(own.policy))).toBe('secret-access-2')
      expect(own.calls).toHaveLength(1)
      await own.clock.advance(4 * minute)
      send(own.policy)
      await own.clock.advance(100)
      expect(own.calls.map(({ reason }) => reason)).toEqual(['manual', 'stale'])
    },
  )

  test('what was learned holds for tokens that the store shows later', async () => {
    const own = await skewed(hour)
    const now = own.clock.now() + hour
    own.stored = own.mint({ issuedAt: now, expiresAt: now + hour })
    send(own.policy)
    const endsIn = (own.policy.snapshot().expiresAt ?? 0) - own.clock.now()
    expect(Math.abs(endsIn - hour)).toBeLessThan(1.2 * second)
  })

  test.each([
    ['behind', -25 * hour],
    ['ahead', 25 * hour],
  ])('a clock that is more than a day %s is not believed', async (_, aheadMs) => {
    const own = scene({ stored: null, source: { hiddenSession: true } })
    const now = own.clock.now() + aheadMs
    own.provider = async () => own.mint({ issuedAt: now, expiresAt: now + 60 * hour })
    await own.policy.token()
    expect(own.policy.snapshot().expiresAt).toBe(now + 60 * hour)
  })

  test('what was learned holds at once for what another tab has stored meanwhile', async () => {
    // By this clock, two hours ahead, each token of the provider has ended when it arrives.
    const ago = virtualClock().now() - 2 * hour
    const own = scene({ stored: { issuedAt: ago - hour, expiresAt: ago } })
    const theirs = own.mint({ issuedAt: ago, expiresAt: ago + hour })
    own.provider = async () => {
      own.stored = theirs
      void watch(own.policy.authorize({ url }))
      return own.mint({ issuedAt: ago, expiresAt: ago + hour })
    }
    const waiting = watch(own.policy.authorize({ url }))
    await own.clock.advance(0)
    expect(sentToken(waiting.value)).toBe(theirs.value)
    expect(own.refreshes()).toMatchObject([{ outcome: 'dropped' }])
    expect(own.stored).toBe(theirs)
  })

  test('a token without an issue time teaches nothing', async () => {
    const own = scene()
    own.provider = async () => own.mint({ issuedAt: undefined, lifetimeMs: 3 * hour })
    await own.policy.refresh()
    expect(own.policy.snapshot().expiresAt).toBe(own.clock.now() + 3 * hour)
  })

  test('what the source knows of the skew counts more than what was learned', async () => {
    const own = await skewed(hour)
    const now = own.clock.now() + hour
    own.stored = own.mint({ issuedAt: now, expiresAt: now + hour, skewMs: hour - 10 * minute })
    send(own.policy)
    expect(own.policy.snapshot().expiresAt).toBe(own.clock.now() + hour + 10 * minute)
  })

  test.each([25 * hour, -25 * hour, Infinity, NaN])(
    'what the source says of the skew is not believed beyond a day: %d',
    (skewMs) => {
      const own = scene({ stored: { skewMs } })
      send(own.policy)
      expect(own.policy.snapshot().expiresAt).toBe(own.clock.now() + hour)
    },
  )

  test('with a source that knows, a token is adopted with the right end from the first read on', () => {
    const own = scene({ stored: { skewMs: 30 * minute, lifetimeMs: hour } })
    send(own.policy)
    expect(own.policy.snapshot().expiresAt).toBe(own.clock.now() + 30 * minute)
  })

  test('a clock that is set forward costs one refresh, and is learned', async () => {
    const own = scene()
    send(own.policy)
    await own.clock.jump(5 * hour)
    const waiting = watch(own.policy.authorize({ url }))
    await own.clock.advance(0)
    expect(sentToken(waiting.value)).toBe('secret-access-2')
    for (let i = 0; i < 50; i++) {
      send(own.policy)
      await own.clock.advance(minute)
    }
    expect(own.calls).toHaveLength(1)
  })

  test('a clock that is set back costs one refusal, and is learned', async () => {
    const own = scene()
    const header = send(own.policy)
    await own.clock.jump(-5 * hour)
    await own.clock.advance(61 * minute)
    expect(send(own.policy)).toBe(header)
    const replay = refuse(own.policy, header)
    await own.clock.advance(0)
    expect(sentToken(replay.value)).toBe('secret-access-2')
    await own.clock.advance(61 * minute)
    const waiting = watch(own.policy.authorize({ url }))
    await own.clock.advance(0)
    expect(sentToken(waiting.value)).toBe('secret-access-3')
  })

  test('a clock that is set while the refresh is in the air corrupts nothing', async () => {
    for (const ms of [-2 * hour, 2 * hour]) {
      const own = scene({ stored: { lifetimeMs: -minute } })
      own.provider = () => after(own.clock, second, () => own.mint())
      const waiting = watch(own.policy.token())
      await own.clock.advance(500)
      await own.clock.jump(ms, { timers: 'frozen' })
      await own.clock.advance(10 * second)
      expect(waiting.state).not.toBe('pending')
      const later = watch(own.policy.token())
      await own.clock.advance(10 * second)
      expect(later.state).toBe('fulfilled')
    }
  })

  test('a short token that does not say when it was issued is fresh at first', async () => {
    const own = await skewed(hour)
    await own.clock.advance(56 * minute)
    own.provider = async () =>
      own.mint({ issuedAt: undefined, expiresAt: own.clock.now() + hour + 5 * minute })
    await own.policy.refresh()
    expect(own.policy.snapshot().status).toBe('fresh')
    await own.clock.advance(3.5 * minute)
    expect(own.policy.snapshot().status).toBe('fresh')
    await own.clock.advance(30 * second)
    expect(own.policy.snapshot().status).toBe('stale')
  })
})
