import { describe, expect, test } from 'vitest'
import { TokenError, type TokenSource } from '../src/index.ts'
import { after, never } from './provider.ts'
import { refuse, send, sentToken } from './request.ts'
import { minute, scene, second, url, type Scene, type TestToken } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch, type Watched } from './watch.ts'

expectNothingUnhandled()

const ended = { lifetimeMs: -minute }

/** Everybody who can wait, at once. */
const everybody = (own: Scene): Watched<unknown>[] => [
  watch(own.policy.token()),
  watch(own.policy.authorize({ url })),
  watch(own.policy.refresh()),
  refuse(own.policy, undefined),
]

const codes = (waiting: Watched<unknown>[]): unknown[] => waiting.map(({ code }) => code)

describe('rule 4: everybody settles', () => {
  test('a source that throws at once ends everybody with what it threw, explained', async () => {
    const own = scene({ stored: ended })
    own.provider = () => {
      throw new Error('thrown at once')
    }
    const waiting = everybody(own)
    await own.clock.advance(10 * second)
    expect(codes(waiting)).toEqual(Array(4).fill('refresh-failed'))
    expect(own.clock.pending).toBe(0)
  })

  test.each([undefined, null, 'a string', 42, Symbol('s'), {}, Object.create(null)])(
    'a source that rejects with %o ends everybody with a typed error',
    async (thrown) => {
      const own = scene({ stored: ended })
      own.provider = () => Promise.reject(thrown)
      const waiting = everybody(own)
      await own.clock.advance(10 * second)
      expect(codes(waiting)).toEqual(Array(4).fill('refresh-failed'))
    },
  )

  test('a source that never answers ends everybody at the deadline', async () => {
    const own = scene({ stored: ended })
    own.provider = never
    const waiting = everybody(own)
    await own.clock.advance(10 * second - 1)
    expect(waiting.map(({ state }) => state)).toEqual(Array(4).fill('pending'))
    await own.clock.advance(1)
    expect(codes(waiting)).toEqual(Array(4).fill('timeout'))
    expect(own.calls.map(({ signal }) => signal.aborted)).toEqual([true])
    expect(own.refreshes()).toMatchObject([{ outcome: 'failed', error: { code: 'timeout' } }])
    expect(own.clock.pending).toBe(0)
  })

  test('the deadline is the one of the options', async () => {
    const own = scene({ stored: ended, options: { refreshTimeoutMs: 70 } })
    own.provider = never
    const waiting = watch(own.policy.token())
    await own.clock.advance(70)
    expect(waiting.code).toBe('timeout')
  })

  test('who joins late is ended with the others', async () => {
    const own = scene({ stored: ended })
    own.provider = never
    void watch(own.policy.token())
    await own.clock.advance(9 * second)
    const late = watch(own.policy.token())
    await own.clock.advance(second)
    expect(late.code).toBe('timeout')
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['no value', { expiresAt: Infinity }],
    ['an undefined value', { value: undefined, expiresAt: 1e15 }],
    ['an empty value', { value: '', expiresAt: 1e15 }],
    ['a value with a line break', { value: 'a\r\nb', expiresAt: 1e15 }],
    ['a value beyond Latin-1', { value: 'a\u{1F511}', expiresAt: 1e15 }],
    ['no end', { value: 'opaque' }],
    ['an endless end', { value: 'opaque', expiresAt: Infinity }],
    ['an end that is no number', { value: 'opaque', expiresAt: NaN }],
  ])('a refresh that gives %s is a bad token', async (_, answer) => {
    const own = scene({ stored: ended })
    own.provider = async () => answer as TestToken
    const waiting = everybody(own)
    await own.clock.advance(10 * second)
    expect(codes(waiting)).toEqual(Array(4).fill('bad-token'))
    expect(own.refreshes()[0]).toMatchObject({ outcome: 'failed', error: { code: 'bad-token' } })
  })

  test('a refresh that gives an end in the past is tried again, and then fails', async () => {
    const own = scene({ stored: ended })
    own.provider = async () => own.mint({ lifetimeMs: -1 })
    const waiting = everybody(own)
    await own.clock.advance(10 * second)
    expect(codes(waiting)).toEqual(Array(4).fill('bad-answer'))
    expect(own.calls.length).toBeGreaterThan(1)
    expect(own.calls.length).toBeLessThan(12)
  })

  test('a source that gives the token which is to be replaced is asked again, but not without end', async () => {
    const own = scene({ stored: ended })
    own.provider = async ({ previous }) => previous ?? own.mint()
    const waiting = everybody(own)
    await own.clock.advance(10 * second)
    expect(codes(waiting)).toEqual(Array(4).fill('not-newer'))
    expect(own.calls.length).toBeLessThan(9)
  })

  test.each<[string, TokenSource<TestToken>['read']]>([
    [
      'throws',
      () => {
        throw new Error('no storage here')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no storage here'))],
    ['gives something that is no token', () => ({ value: undefined }) as never],
  ])('a store whose read %s ends everybody with a typed error, each time', async (_, read) => {
    for (const subscribes of [true, false]) {
      const own = scene({ subscribes, source: { read } })
      for (let i = 0; i < 2; i++) {
        const waiting = everybody(own)
        await own.clock.advance(0)
        expect(codes(waiting)).toEqual(
          Array(4).fill(expect.stringMatching(/^(source-failed|bad-token)$/)),
        )
      }
      expect(own.calls).toEqual([])
    }
  })

  test('a store that hangs when it is read ends everybody at the deadline', async () => {
    for (const subscribes of [true, false]) {
      const own = scene({ subscribes, source: { read: never } })
      const waiting = everybody(own)
      await own.clock.advance(10 * second)
      expect(codes(waiting)).toEqual(Array(4).fill('timeout'))
      expect([own.calls.length, own.clock.pending]).toEqual([0, 0])
    }
  })

  test('a store that hangs takes no good token away', async () => {
    let hangs = false
    const own = scene({ source: { read: () => (hangs ? never() : own.stored) } })
    const header = send(own.policy)
    hangs = true
    const waiting = watch(own.policy.authorize({ url }))
    await own.clock.advance(10 * second)
    expect(sentToken(waiting.value)).toBe(sentToken(header))
  })

  test('a store that cannot be read any longer takes no good token away', async () => {
    let isBroken = false
    const own = scene({
      source: {
        read: () => {
          if (isBroken) throw new Error('no storage here')
          return own.stored
        },
      },
    })
    const header = send(own.policy)
    isBroken = true
    expect(send(own.policy)).toBe(header)
    const ready = await own.policy.refresh()
    expect(ready.value).toBe('secret-access-2')
  })

  test('a store that cannot be read during the refresh ends everybody with a typed error, and one event', async () => {
    let isBroken = false
    const own = scene({
      stored: ended,
      source: { read: () => (isBroken ? Promise.reject(new Error('gone')) : own.stored) },
    })
    own.provider = async () => {
      isBroken = true
      throw Object.assign(new Error('ended'), { code: 'x' })
    }
    const waiting = watch(own.policy.token())
    await own.clock.advance(10 * second)
    expect(waiting.code).toBe('source-failed')
    expect(own.refreshes()).toHaveLength(own.calls.length)
  })

  test.each<[string, () => never | Promise<never>]>([
    [
      'at once',
      () => {
        throw new Error('gone')
      },
    ],
    ['later', () => Promise.reject(new Error('gone'))],
    ['never', never],
  ])('a store that fails %s when the deadline comes changes nothing about it', async (_, fail) => {
    let isBroken = false
    const own = scene({
      stored: ended,
      source: { read: () => (isBroken ? fail() : own.stored) },
    })
    own.provider = never
    const waiting = watch(own.policy.token())
    await own.clock.advance(second)
    isBroken = true
    await own.clock.advance(9 * second)
    expect(waiting.code).toBe('timeout')
    expect(own.clock.pending).toBe(0)
  })

  test.each<[string, TokenSource<TestToken>['store']]>([
    [
      'throws',
      () => {
        throw new Error('quota exceeded')
      },
    ],
    ['rejects', () => Promise.reject(new Error('quota exceeded'))],
  ])('a store whose write %s loses nobody the token, and is told of', async (_, store) => {
    const own = scene({ stored: ended, source: { store } })
    const waiting = everybody(own)
    await own.clock.advance(second)
    expect(waiting.map(({ state }) => state)).toEqual(Array(4).fill('fulfilled'))
    expect(own.events.filter(({ type }) => type === 'notice')).toHaveLength(own.calls.length)
    expect(sentToken(send(own.policy))).toMatch(/secret-access-\d/)
  })

  test('a store that hangs when it is written to holds nobody longer than the deadline', async () => {
    const own = scene({ stored: ended, source: { store: never } })
    const waiting = watch(own.policy.token())
    await own.clock.advance(0)
    expect(sentToken(send(own.policy))).toBe('secret-access-2')
    await own.clock.advance(10 * second)
    expect(waiting.value?.value).toBe('secret-access-2')
    expect(own.refreshes()).toMatchObject([{ outcome: 'refreshed' }])
    expect(own.clock.pending).toBe(0)
  })

  test('a source that throws when it is told to forget a session harms nobody', async () => {
    for (const clear of [
      () => {
        throw new Error('no')
      },
      () => Promise.reject(new Error('no')),
      never,
    ]) {
      const own = scene({ stored: ended, source: { clear } })
      own.provider = async () => {
        throw new TokenError('session-expired', 'The session has ended. Sign in.')
      }
      const waiting = everybody(own)
      await own.clock.advance(10 * second)
      expect(codes(waiting)).toEqual(Array(4).fill('session-expired'))
    }
  })

  test('a source whose subscription throws ends everybody with a typed error, each time', async () => {
    const own = scene({
      source: {
        subscribe: () => {
          throw new Error('no events here')
        },
      },
    })
    for (let i = 0; i < 2; i++) {
      const waiting = everybody(own)
      await own.clock.advance(0)
      expect(codes(waiting)).toEqual(Array(4).fill('source-failed'))
    }
  })

  test('a source whose subscription gives no way to stop is read before each request', async () => {
    const own = scene({ source: { subscribe: () => undefined as never } })
    send(own.policy)
    own.stored = undefined
    expect(own.policy.authorize({ url })).toBeUndefined()
    own.policy.dispose()
  })

  test('a caller who has given up is not waited for, and the others are served', async () => {
    const own = scene({ stored: ended })
    own.provider = () => after(own.clock, second, () => own.mint())
    const controller = new AbortController()
    const mine = watch(own.policy.token({ signal: controller.signal }))
    const theirs = watch(own.policy.token())
    await own.clock.advance(10)
    controller.abort()
    await own.clock.advance(second)
    expect([mine.state, theirs.state]).toEqual(['rejected', 'fulfilled'])
  })
})
