import { describe, expect, test } from 'vitest'
import type { Coordinator, News, Turn } from '../src/index.ts'
import { after, never } from './provider.ts'
import { send, sentToken } from './request.ts'
import { minute, scene, second, url, type SceneOptions } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch } from './watch.ts'

expectNothingUnhandled()

const boom = (): never => {
  throw new Error('the coordinator is broken')
}
const turn: Turn = { stillCurrent: () => true, committed: () => {} }
const alone: Coordinator = { exclusive: (_key, job) => job(turn) }

const withCoordinator = (
  coordinator: Partial<Coordinator>,
  setup: SceneOptions = {},
): ReturnType<typeof scene> =>
  scene({
    stored: { lifetimeMs: -minute },
    ...setup,
    options: { coordinator: { ...alone, ...coordinator }, ...setup.options },
  })

describe('rule 4: everybody settles, whatever the coordinator does', () => {
  test.each<[string, Coordinator['exclusive']]>([
    ['throws at once', boom],
    ['rejects', () => Promise.reject(new Error('no lock'))],
    ['rejects with nothing', () => Promise.reject(undefined)],
    ['answers without running the job', () => Promise.resolve(undefined as never)],
    ['is no promise', () => undefined as never],
    ['runs the job and then throws', (_key, job) => (void job(turn).catch(() => {}), boom())],
    ['runs the job twice', (_key, job) => Promise.all([job(turn), job(turn)]).then(([one]) => one)],
    ['runs the job and hangs', (_key, job) => (void job(turn), never())],
  ])('one that %s costs nobody the refresh', async (_, exclusive) => {
    const own = withCoordinator({ exclusive })
    const waiting = [watch(own.policy.token()), watch(own.policy.authorize({ url }))]
    await own.clock.advance(0)
    expect(waiting.map(({ state }) => state)).toEqual(['fulfilled', 'fulfilled'])
    expect(own.calls).toHaveLength(1)
  })

  test('one that never runs the job ends everybody at the deadline', async () => {
    const own = withCoordinator({ exclusive: never })
    const waiting = [watch(own.policy.token()), watch(own.policy.authorize({ url }))]
    await own.clock.advance(10 * second)
    expect(waiting.map(({ code }) => code)).toEqual(['timeout', 'timeout'])
    expect([own.calls.length, own.clock.pending]).toEqual([0, 0])
  })

  test('one that never runs the job takes no good token away', async () => {
    const own = withCoordinator({ exclusive: never }, { stored: { lifetimeMs: 10 * second } })
    await own.clock.advance(8.5 * second)
    expect(sentToken(send(own.policy))).toBe('secret-access-1')
  })

  test('one that runs the job when everybody has left asks nobody', async () => {
    let late: (() => Promise<unknown>) | undefined
    const own = withCoordinator({
      exclusive: (_key, job) => ((late = () => job(turn)), never()),
    })
    const waiting = watch(own.policy.token())
    await own.clock.advance(10 * second)
    expect(waiting.code).toBe('timeout')
    await expect(late?.()).rejects.toMatchObject({ code: 'timeout' })
    expect(own.calls).toEqual([])
  })

  test('one whose signal tells it that nobody waits any longer', async () => {
    let signal: AbortSignal | undefined
    const own = withCoordinator({
      exclusive: (_key, _job, context) => ((signal = context.signal), never()),
    })
    void watch(own.policy.token())
    await own.clock.advance(10 * second - 1)
    expect(signal?.aborted).toBe(false)
    await own.clock.advance(1)
    expect(signal?.aborted).toBe(true)
  })

  test.each<[string, Partial<Turn>]>([
    ['throws when asked whether the turn still counts', { stillCurrent: boom }],
    ['rejects when asked so', { stillCurrent: () => Promise.reject(new Error('no')) }],
    ['throws when told of the commit', { committed: boom }],
    ['rejects when told of it', { committed: () => Promise.reject(new Error('no')) }],
  ])('one that %s does not cost the token', async (_, broken) => {
    const own = withCoordinator({ exclusive: (_key, job) => job({ ...turn, ...broken }) })
    const waiting = watch(own.policy.token())
    await own.clock.advance(10 * second)
    expect(waiting.value?.value).toBe('secret-access-2')
    expect(own.stored?.value).toBe('secret-access-2')
    expect(own.calls).toHaveLength(1)
  })

  test.each<[string, Partial<Turn>]>([
    ['hangs when asked whether the turn still counts', { stillCurrent: never }],
    ['hangs when told of the commit', { committed: never }],
  ])('one that %s ends everybody at the deadline', async (_, hanging) => {
    const own = withCoordinator({ exclusive: (_key, job) => job({ ...turn, ...hanging }) })
    const waiting = watch(own.policy.token())
    await own.clock.advance(10 * second)
    expect(waiting.state).not.toBe('pending')
    expect(own.clock.pending).toBe(0)
  })

  test('one that cannot publish harms nobody: not after a failure, not at the deadline, not at a sign-out', async () => {
    const own = withCoordinator({ publish: boom })
    own.provider = never
    const timedOut = watch(own.policy.token())
    await own.clock.advance(10 * second)
    expect(timedOut.code).toBe('timeout')
    own.provider = () => Promise.reject(new Error('down'))
    const failed = watch(own.policy.token())
    await own.clock.advance(10 * second)
    expect(failed.code).toBe('refresh-failed')
    own.stored = undefined
    const left = watch(own.policy.token())
    await own.clock.advance(0)
    expect(left.code).toBe('signed-out')
    own.policy.dispose()
  })

  test('one that cannot be listened to harms nobody', async () => {
    const own = withCoordinator({ subscribe: boom })
    expect(await own.policy.token()).toMatchObject({ value: 'secret-access-2' })
    own.policy.dispose()
  })

  test('one whose subscription cannot be ended does not keep the policy from its end', async () => {
    const own = withCoordinator({ subscribe: () => boom }, { options: { keepFresh: true } })
    own.provider = never
    const waiting = watch(own.policy.token())
    await own.clock.advance(0)
    own.policy.dispose()
    await own.clock.advance(0)
    expect(waiting.code).toBe('disposed')
    expect(own.clock.pending).toBe(0)
  })

  test('one that brings news which are no news harms nobody', async () => {
    let tell: (news: News) => void = () => {}
    const own = withCoordinator(
      { subscribe: (_key, listener) => ((tell = listener), () => {}) },
      { stored: {} },
    )
    await own.policy.token()
    for (const news of [
      { kind: 'refreshed', token: {} },
      { kind: 'refreshed', token: { value: 'a b', expiresAt: 1e15 } },
      { kind: 'failed', retryAt: NaN },
      { kind: 'failed', retryAt: 0 },
      { kind: 'failed' },
    ]) {
      tell(news as News)
      expect(sentToken(send(own.policy))).toBe('secret-access-1')
      expect(own.policy.snapshot()).toMatchObject({ status: 'fresh', error: undefined })
    }
  })

  test('a turn that was overtaken while the answer was on its way keeps nothing', async () => {
    const own = withCoordinator({
      exclusive: (_key, job) => job({ ...turn, stillCurrent: () => false }),
    })
    own.provider = () => after(own.clock, 10, () => own.mint())
    const waiting = watch(own.policy.token())
    await own.clock.advance(10 * second)
    expect(waiting.code).toBe('not-newer')
    expect(own.stored?.value).toBe('secret-access-1')
  })
})
