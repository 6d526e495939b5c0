import { describe, expect, test } from 'vitest'
import { TokenError, type News } from '../src/index.ts'
import { never } from './provider.ts'
import { refuse, send } from './request.ts'
import {
  hour,
  minute,
  scene,
  second,
  type Scene,
  type SceneOptions,
  type TestToken,
} from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch, type Watched } from './watch.ts'

expectNothingUnhandled()

const ended = { lifetimeMs: -minute }
const down = (): Promise<TestToken> =>
  Promise.reject(new TokenError('server-error', 'It is down. Wait.'))
describe('rule 9: a pause ends early', () => {
  /** A pause of a minute, after which the provider is well; and somebody who waits in it. */
  const paused = async (
    setup: SceneOptions = {},
  ): Promise<{ own: Scene; waiting: Watched<{ value: string }> }> => {
    const own = scene({
      stored: ended,
      ...setup,
      options: { refreshTimeoutMs: hour, retryBaseMs: minute, ...setup.options },
    })
    own.provider = down
    const waiting = watch(own.policy.token())
    await own.clock.advance(0)
    own.provider = async () => own.mint()
    expect(own.policy.snapshot()).toMatchObject({ error: { code: 'server-error' } })
    await own.clock.advance(second)
    expect(waiting.state).toBe('pending')
    return { own, waiting }
  }

  test('when the browser comes online: who waits is served now', async () => {
    const { own, waiting } = await paused()
    own.policy.recheck({ online: true })
    await own.clock.advance(0)
    expect(waiting.value?.value).toBe('secret-access-2')
    expect(own.calls).toHaveLength(2)
  })

  test('when the browser comes online: the next failure is the first again', async () => {
    const { own } = await paused()
    own.provider = down
    own.policy.recheck({ online: true })
    await own.clock.advance(0)
    expect(own.policy.snapshot().retryAt).toBeLessThanOrEqual(own.clock.now() + minute)
  })

  test('when the browser comes online, though nobody waits and nothing is due: no retry is announced any longer', async () => {
    const own = scene()
    own.provider = down
    refuse(own.policy, send(own.policy), { replayable: false })
    await own.clock.advance(0)
    expect(own.policy.snapshot().retryAt).toBeGreaterThan(own.clock.now())
    own.policy.recheck({ online: true })
    await own.clock.advance(0)
    expect(own.policy.snapshot()).toMatchObject({ status: 'fresh', retryAt: undefined })
  })

  test('a recheck without that news does not end it', async () => {
    const { own, waiting } = await paused()
    own.policy.recheck()
    own.policy.recheck({ online: false, hidden: false })
    await own.clock.advance(0)
    expect([waiting.state, own.calls.length]).toEqual(['pending', 1])
  })

  test('when another tab has refreshed: who waits gets its token, and the provider is not asked', async () => {
    let tell: (news: News) => void = () => {}
    const { own, waiting } = await paused({
      options: {
        coordinator: {
          exclusive: (_key, job) => job({ stillCurrent: () => true, committed: () => {} }),
          subscribe: (_key, listener) => ((tell = listener), () => {}),
        },
      },
    })
    own.stored = own.mint()
    tell({ kind: 'refreshed' })
    await own.clock.advance(0)
    expect(waiting.value?.value).toBe('secret-access-2')
    expect(own.calls).toHaveLength(1)
  })

  test('when the store shows another token', async () => {
    const { own, waiting } = await paused({ subscribes: true })
    own.change(own.mint())
    await own.clock.advance(0)
    expect(waiting.value?.value).toBe('secret-access-2')
    expect(own.policy.snapshot()).toMatchObject({ status: 'fresh', error: undefined })
    expect(own.calls).toHaveLength(1)
  })

  test('when somebody else signs in: the new session owes nothing for the old one', async () => {
    const { own, waiting } = await paused({ subscribes: true })
    own.change(own.mint({ identity: 'bob', lifetimeMs: -second }))
    await own.clock.advance(0)
    expect(waiting.code).toBe('user-changed')
    own.provider = async () => own.mint({ identity: 'bob' })
    expect(await own.policy.token()).toMatchObject({ value: 'secret-access-3' })
  })

  test('when the clock is set forward, or back by hours: no pause grows by that', async () => {
    for (const ms of [-5 * hour, 5 * hour]) {
      const { own, waiting } = await paused()
      await own.clock.jump(ms)
      await own.clock.advance(minute)
      expect(waiting.state).toBe('fulfilled')
    }
  })

  test('when a machine has slept through it, with a clock that stood still', async () => {
    const own = scene({ stored: ended, options: { retryBaseMs: minute } })
    own.provider = down
    const early = watch(own.policy.token())
    await own.clock.advance(0)
    expect(early.code).toBe('server-error')
    own.provider = never
    await own.clock.jump(minute, { timers: 'frozen' })
    void watch(own.policy.token())
    await own.clock.advance(0)
    expect(own.calls).toHaveLength(2)
  })
})
