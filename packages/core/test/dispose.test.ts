import { describe, expect, test } from 'vitest'
import type { Coordinator, News } from '../src/index.ts'
import { after, never } from './provider.ts'
import { refuse, send } from './request.ts'
import { hour, minute, scene, second, url, type SceneOptions, type TestToken } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch } from './watch.ts'

expectNothingUnhandled()

const ended = { lifetimeMs: -minute }
const throttled = (): Promise<TestToken> => Promise.reject(new Error('down'))

describe('dispose', () => {
  test.each<[string, SceneOptions, (own: ReturnType<typeof scene>) => unknown]>([
    ['before it was asked', {}, () => {}],
    [
      'while the token is fresh and kept so',
      { options: { keepFresh: true } },
      (own) => send(own.policy),
    ],
    [
      'while a refresh is in the air',
      { stored: ended },
      (own) => ((own.provider = never), watch(own.policy.token())),
    ],
    [
      'while the store is read',
      { source: { read: never } },
      (own) => [
        watch(own.policy.token()),
        watch(own.policy.authorize({ url })),
        watch(own.policy.refresh()),
      ],
    ],
    [
      'while the store is written to',
      { source: { store: never } },
      (own) => watch(own.policy.refresh()),
    ],
    [
      'during a pause, while somebody waits for its end',
      { stored: ended },
      async (own) => {
        own.provider = throttled
        const waiting = watch(own.policy.token())
        await own.clock.advance(100)
        expect(waiting.state).toBe('pending')
      },
    ],
    [
      'during a pause, right after somebody has asked',
      { stored: ended, options: { refreshTimeoutMs: hour, retryBaseMs: minute } },
      async (own) => {
        own.provider = throttled
        const controller = new AbortController()
        const left = watch(own.policy.token({ signal: controller.signal }))
        await own.clock.advance(0)
        controller.abort()
        await own.clock.advance(2 * minute)
        own.policy.recheck()
        await own.clock.advance(0)
        expect(left.state).toBe('rejected')
        void watch(own.policy.token())
      },
    ],
  ])('%s, leaves no timer, no subscription and nobody waiting', async (_, setup, prepare) => {
    for (const subscribes of [true, false]) {
      const own = scene({ ...setup, subscribes })
      await prepare(own)
      own.policy.dispose()
      expect(own.subscriptions).toBe(0)
      await own.clock.advance(0)
      expect(own.clock.pending).toBe(0)
      expect(own.policy.snapshot().expiresAt).toBeUndefined()
      const calls = own.calls.length
      await own.clock.advance(hour)
      expect([own.calls.length, own.subscriptions, own.clock.pending]).toEqual([calls, 0, 0])
    }
  })

  test('ends everybody who waits, and everybody who comes later, with disposed', async () => {
    const own = scene({ stored: ended })
    own.provider = never
    const ask = (): ReturnType<typeof watch>[] => [
      watch(own.policy.token()),
      watch(own.policy.authorize({ url })),
      watch(own.policy.refresh()),
      refuse(own.policy, undefined),
    ]
    const waiting = ask()
    await own.clock.advance(0)
    own.policy.dispose()
    const late = ask()
    await own.clock.advance(0)
    expect([...waiting, ...late].map(({ code }) => code)).toEqual(Array(8).fill('disposed'))
    expect(own.calls.map(({ signal }) => signal.aborted)).toEqual([true])
  })

  test('ends who waits for the store at once, and gives nobody the token that it then shows', async () => {
    const own = scene({ source: { read: () => after(own.clock, second, () => own.stored) } })
    const waiting = [watch(own.policy.token()), watch(own.policy.authorize({ url }))]
    await own.clock.advance(10)
    own.policy.dispose()
    await own.clock.advance(0)
    expect(waiting.map(({ code }) => code)).toEqual(['disposed', 'disposed'])
    await own.clock.advance(second)
    expect(own.policy.snapshot()).toMatchObject({
      expiresAt: undefined,
      error: { code: 'disposed' },
    })
    expect(own.clock.pending).toBe(0)
  })

  test('while a refresh waits for the coordinator, subscribes to the source no more', async () => {
    const coordinator: Coordinator = {
      exclusive: (_key, job) =>
        job({ stillCurrent: () => after(own.clock, second, () => true), committed: () => {} }),
    }
    const own = scene({ stored: ended, subscribes: true, options: { coordinator } })
    const waiting = watch(own.policy.token())
    await own.clock.advance(10)
    own.policy.dispose()
    await own.clock.advance(hour)
    expect(waiting.code).toBe('disposed')
    expect([own.subscriptions, own.clock.pending]).toEqual([0, 0])
    expect(own.stored?.value).toBe('secret-access-1')
  })

  test('keeps a late answer out of the store, and asks for no turn to keep it', async () => {
    let turns = 0
    const coordinator: Coordinator = {
      exclusive: (_key, job) => {
        turns += 1
        return job({ stillCurrent: () => true, committed: () => {} })
      },
    }
    const own = scene({ stored: ended, options: { coordinator } })
    own.provider = () => after(own.clock, second, () => own.mint())
    const waiting = watch(own.policy.token())
    await own.clock.advance(10)
    own.policy.dispose()
    await own.clock.advance(minute)
    expect(waiting.code).toBe('disposed')
    expect([own.stored?.value, turns]).toEqual(['secret-access-1', 1])
  })

  test('while the token is being stored, takes it from nobody', async () => {
    const own = scene({
      stored: ended,
      source: {
        store: (token) => after(own.clock, second, () => void (own.stored = token)),
        clear: () => void (own.stored = undefined),
      },
    })
    const waiting = watch(own.policy.token())
    await own.clock.advance(10)
    own.policy.dispose()
    await own.clock.advance(minute)
    expect([waiting.code, own.stored?.value]).toEqual(['disposed', 'secret-access-2'])
  })

  test('tells its listeners that it is the end, and nothing after that', async () => {
    const own = scene()
    send(own.policy)
    own.policy.dispose()
    own.policy.dispose()
    own.policy.recheck({ online: true })
    await own.clock.advance(0)
    expect(own.events.map(({ type }) => type)).toEqual(['session', 'status', 'disposed'])
  })

  test('stops listening to source and coordinator once, though it is called twice', () => {
    const stopped: string[] = []
    const told: News[] = []
    const own = scene({
      source: { subscribe: () => () => stopped.push('source') },
      options: {
        coordinator: {
          exclusive: never,
          subscribe: () => () => stopped.push('coordinator'),
          publish: (_key, news) => told.push(news),
        },
      },
    })
    send(own.policy)
    told.length = 0
    own.policy.dispose()
    own.policy.dispose()
    expect(stopped).toEqual(['source', 'coordinator'])
    expect(told).toEqual([])
  })

  test('a source that cannot be left keeps nobody waiting', async () => {
    const own = scene({
      stored: ended,
      source: {
        subscribe: () => () => {
          throw new Error('cannot leave')
        },
      },
    })
    own.provider = never
    const waiting = watch(own.policy.token())
    await own.clock.advance(0)
    own.policy.dispose()
    await own.clock.advance(0)
    expect([waiting.code, own.clock.pending]).toEqual(['disposed', 0])
  })

  test('what a source or a coordinator says afterwards is not listened to', async () => {
    let onChange = (): void => {}
    let tell: (news: News) => void = () => {}
    const own = scene({
      source: { subscribe: (listener) => ((onChange = listener), () => {}) },
      options: {
        coordinator: {
          exclusive: never,
          subscribe: (_key, listener) => ((tell = listener), () => {}),
        },
      },
    })
    send(own.policy)
    own.policy.dispose()
    own.stored = own.mint()
    onChange()
    tell({ kind: 'changed' })
    tell({ kind: 'refreshed', token: own.mint() })
    tell({ kind: 'failed', retryAt: own.clock.now() + hour })
    await own.clock.advance(hour)
    expect(own.policy.snapshot().expiresAt).toBeUndefined()
    expect(own.clock.pending).toBe(0)
  })

  test('a source that goes on telling of changes is read no more', () => {
    let tell: (() => void) | undefined
    const own = scene({ source: { subscribe: (onChange) => ((tell = onChange), () => {}) } })
    send(own.policy)
    own.policy.dispose()
    const { reads } = own
    tell?.()
    expect(own.reads).toBe(reads)
  })
})
