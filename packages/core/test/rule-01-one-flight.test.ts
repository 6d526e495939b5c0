import { describe, expect, test } from 'vitest'
import type { Coordinator } from '../src/index.ts'
import { after, never } from './provider.ts'
import { send } from './request.ts'
import { minute, scene, second, url } from './scene.ts'
import { watch } from './watch.ts'

/** A token that has ended, so that everybody must wait. */
const ended = { lifetimeMs: -minute }

describe('rule 1: one flight', () => {
  test('two hundred callers with an ended token share one refresh and its token', async () => {
    const own = scene({ stored: ended })
    const next = own.mint()
    own.provider = () => after(own.clock, 50, () => next)
    const waiting = Array.from({ length: 200 }, () => watch(own.policy.token()))
    await own.clock.advance(50)
    expect(own.calls).toHaveLength(1)
    expect(new Set(waiting.map(({ value }) => value?.value))).toEqual(new Set([next.value]))
    expect(own.refreshes()).toMatchObject([{ outcome: 'refreshed', waiters: 200, tookMs: 50 }])
  })

  test('a request, a refusal, a manual refresh and a recheck share one refresh', async () => {
    const own = scene({ stored: { lifetimeMs: 10 * second } })
    const header = own.policy.authorize({ url })
    if (!header || !('value' in header))
      throw new Error('The token is fresh, so it is there at once.')
    own.provider = () => after(own.clock, 50, () => own.mint())
    await own.clock.advance(10 * second)
    const response = new Response(null, { status: 401 })
    const waiting = [
      watch(own.policy.authorize({ url })),
      watch(own.policy.recover({ url, rejected: header, response })),
      watch(own.policy.refresh()),
      watch(own.policy.token()),
    ]
    own.policy.recheck()
    await own.clock.advance(50)
    expect(waiting.map(({ state }) => state)).toEqual(Array(4).fill('fulfilled'))
    expect(own.calls).toHaveLength(1)
  })

  test('a request that must wait joins the refresh that a stale token started', async () => {
    const own = scene({ stored: { lifetimeMs: 10 * second } })
    own.provider = () => after(own.clock, 5 * second, () => own.mint())
    await own.clock.advance(8.5 * second)
    send(own.policy)
    await own.clock.advance(second)
    const waiting = watch(own.policy.authorize({ url }))
    expect(waiting.state).toBe('pending')
    await own.clock.advance(4 * second)
    expect(waiting.state).toBe('fulfilled')
    expect(own.refreshes()).toMatchObject([{ reason: 'stale', waiters: 1 }])
    expect(own.calls).toHaveLength(1)
  })

  test('callers who come one after the other while it is in the air start no second one', async () => {
    const own = scene({ stored: ended })
    own.provider = () => after(own.clock, 100, () => own.mint())
    const waiting = []
    for (let i = 0; i < 10; i++) {
      waiting.push(watch(own.policy.token()))
      await own.clock.advance(10)
    }
    expect(waiting.map(({ state }) => state)).toEqual(Array(10).fill('fulfilled'))
    expect(own.calls).toHaveLength(1)
  })

  test('a later need starts a new one', async () => {
    const own = scene({ stored: ended })
    await own.policy.token()
    await own.policy.refresh()
    expect(own.calls.map(({ reason }) => reason)).toEqual(['expired', 'manual'])
  })

  test('the source is asked inside the coordinator, by the name of the source', async () => {
    const order: string[] = []
    const coordinator: Coordinator = {
      async exclusive(key, job) {
        order.push(`enter ${key}`)
        const result = await job({
          stillCurrent: () => true,
          committed: () => void order.push('committed'),
        })
        order.push('leave')
        return result
      },
    }
    const own = scene({
      stored: ended,
      options: { coordinator },
      source: { store: () => void order.push('store') },
    })
    own.provider = async () => {
      order.push('refresh')
      return own.mint()
    }
    await own.policy.token()
    await own.clock.advance(0)
    expect(order).toEqual(['enter test', 'refresh', 'store', 'committed', 'leave'])
  })

  test('after its turn has come the store is read again, and what another holder stored is used', async () => {
    const own = scene({
      stored: ended,
      options: {
        coordinator: {
          exclusive: async (_key, job) => {
            own.stored = theirs
            return job({ stillCurrent: () => true, committed: () => {} })
          },
        },
      },
    })
    const theirs = own.mint()
    expect(await own.policy.token()).toMatchObject({ value: theirs.value })
    expect(own.calls).toEqual([])
    expect(own.refreshes()).toEqual([])
  })

  test('a coordinator can read the store while it waits, and is told which token is to be replaced', async () => {
    let seen: unknown[] = []
    const own = scene({
      stored: ended,
      options: {
        coordinator: {
          exclusive: async (_key, job, { previous, read, signal }) => {
            own.stored = theirs
            seen = [previous?.value, (await read())?.value, signal.aborted]
            return job({ stillCurrent: () => true, committed: () => {} })
          },
        },
      },
    })
    const before = own.stored?.value
    const theirs = own.mint()
    await own.policy.token()
    expect(seen).toEqual([before, theirs.value, false])
  })

  test('a coordinator that runs the job twice refreshes once', async () => {
    const own = scene({
      stored: ended,
      options: {
        coordinator: {
          exclusive: async (_key, job) => {
            const turn = { stillCurrent: () => true, committed: () => {} }
            const [first] = await Promise.all([job(turn), job(turn)])
            return first
          },
        },
      },
    })
    expect(await own.policy.token()).toMatchObject({ value: 'secret-access-2' })
    expect(own.calls).toHaveLength(1)
  })

  test('while the coordinator keeps everybody waiting, no second wait is started', async () => {
    let entered = 0
    const own = scene({
      stored: ended,
      options: { coordinator: { exclusive: () => (entered++, never()) } },
    })
    const waiting = [watch(own.policy.token()), watch(own.policy.refresh())]
    await own.clock.advance(5 * second)
    expect([entered, waiting.map(({ state }) => state)]).toEqual([1, ['pending', 'pending']])
  })
})
