import { describe, expect, test } from 'vitest'
import type { Policy, PolicyEvent } from '../src/index.ts'
import { after, never } from './provider.ts'
import { send, sentToken } from './request.ts'
import { minute, scene, second, url, type Scene, type SceneOptions } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch, type Watched } from './watch.ts'

expectNothingUnhandled()

/** What code inside a source or a listener may do with the policy that is just calling it. */
const callsBack: [string, (policy: Policy) => unknown][] = [
  ['token()', (policy) => policy.token()],
  ['authorize()', (policy) => policy.authorize({ url })],
  ['refresh()', (policy) => policy.refresh()],
  ['recheck()', (policy) => policy.recheck({ online: true })],
  ['snapshot()', (policy) => policy.snapshot()],
  ['subscribe()', (policy) => policy.subscribe(() => {})()],
]

/** A scene in which one part of the source calls back into the policy each time, before it does its work. */
const entangled = (
  part: 'read' | 'refresh' | 'store' | 'subscribe' | 'listener',
  call: (policy: Policy) => unknown,
  setup: SceneOptions = {},
): { own: Scene; inner: Watched<unknown>[] } => {
  const inner: Watched<unknown>[] = []
  const again = (): void => {
    // As often as is needed to see a loop, and then no more.
    if (inner.length < 500) inner.push(watch(call(own.policy)))
  }
  const at = (here: typeof part): void => {
    if (part === here) again()
  }
  const own: Scene = scene({
    stored: { lifetimeMs: -minute },
    ...setup,
    source: {
      read: () => (at('read'), own.stored),
      store: (token) => (at('store'), void (own.stored = token)),
      subscribe: () => (at('subscribe'), () => {}),
      ...setup.source,
    },
  })
  own.provider = async () => (at('refresh'), own.mint())
  if (part === 'listener') own.policy.subscribe(again)
  return { own, inner }
}

describe.each(['read', 'refresh', 'store', 'subscribe', 'listener'] as const)(
  'rule 4: everybody settles when the policy is called from within %s',
  (part) => {
    test.each(callsBack)('by %s', async (_, call) => {
      const { own, inner } = entangled(part, call)
      const outer = watch(own.policy.token())
      await own.clock.advance(minute)
      expect(outer.value?.value).toMatch(/^secret-access-\d+$/)
      expect(inner.length).toBeGreaterThan(0)
      expect(inner.filter(({ state }) => state === 'pending')).toEqual([])
      own.policy.dispose()
      expect(own.clock.pending).toBe(0)
    })

    test('by dispose()', async () => {
      const { own, inner } = entangled(part, (policy) => policy.dispose())
      const outer = [watch(own.policy.token()), watch(own.policy.authorize({ url }))]
      await own.clock.advance(minute)
      expect(inner.length).toBeGreaterThan(0)
      expect(outer.map(({ code }) => code)).toEqual(['disposed', 'disposed'])
      expect(own.clock.pending).toBe(0)
      expect(own.policy.snapshot().expiresAt).toBeUndefined()
    })
  },
)

describe('rule 4: everybody settles, whatever listeners do', () => {
  test('a listener that throws, or rejects, harms nobody', async () => {
    const own = scene({ stored: { lifetimeMs: -minute } })
    const heard: PolicyEvent[] = []
    own.policy.subscribe(() => {
      throw new Error('a faulty listener')
    })
    own.policy.subscribe(async () => {
      throw new Error('a faulty listener')
    })
    own.policy.subscribe((event) => heard.push(event))
    const waiting = watch(own.policy.token())
    await own.clock.advance(0)
    expect(waiting.value?.value).toBe('secret-access-2')
    expect(heard).toEqual(own.events)
    own.stored = undefined
    expect(own.policy.authorize({ url })).toBeUndefined()
  })

  test('a listener that signs out as soon as somebody has signed in is heard', async () => {
    for (const subscribes of [true, false]) {
      const own = scene({ subscribes })
      own.policy.subscribe((event) => {
        if (event.type === 'session' && event.status === 'signed-in') own.change(undefined)
      })
      void own.policy.authorize({ url })
      expect(own.policy.authorize({ url })).toBeUndefined()
      expect(own.policy.snapshot().status).toBe('signed-out')
    }
  })

  test('a listener that disposes of the policy when it hears of a refresh stops its being stored', async () => {
    const own = scene()
    own.policy.subscribe(({ type }) => {
      if (type === 'refresh') own.policy.dispose()
    })
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(0)
    expect(waiting.code).toBe('disposed')
    expect(own.stored?.value).toBe('secret-access-1')
  })

  test('a refresh that the source itself asks for while it refreshes joins the one in the air', async () => {
    const own = scene()
    own.provider = async () => {
      void own.policy.refresh()
      return after(own.clock, second, () => own.mint())
    }
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(second)
    expect(waiting.value?.value).toBe('secret-access-2')
    expect(own.calls).toHaveLength(1)
  })

  test('a source that waits for the very refresh which it is to answer is ended by the deadline', async () => {
    const own = scene()
    own.provider = async () => {
      await own.policy.refresh()
      return never()
    }
    const waiting = watch(own.policy.refresh())
    await own.clock.advance(10 * second)
    expect(waiting.code).toBe('timeout')
    expect(sentToken(send(own.policy))).toBe('secret-access-1')
  })
})
