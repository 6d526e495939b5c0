import { describe, expect, test } from 'vitest'
import type { Turn } from '../src/index.ts'
import { after } from './provider.ts'
import { refuse, send, sentToken } from './request.ts'
import { minute, scene, second, type TestToken } from './scene.ts'
import { expectNothingUnhandled } from './unhandled.ts'
import { watch } from './watch.ts'

expectNothingUnhandled()

const ended = { lifetimeMs: -minute }

describe('what a refresh has brought is stored', () => {
  test('a source that cannot store is not blamed for it', async () => {
    const own = scene({ stored: ended, source: { store: undefined } })
    await own.policy.token()
    expect(own.events.filter(({ type }) => type === 'notice')).toEqual([])
  })

  test('the store is told when a sign-out overtakes the write, and by what', async () => {
    const reasons: unknown[] = []
    const own = scene({
      stored: ended,
      subscribes: true,
      source: {
        store(_token, { signal }) {
          signal.addEventListener('abort', () => reasons.push(signal.reason))
          return after(own.clock, second, () => {})
        },
      },
    })
    const waiting = watch(own.policy.token())
    await own.clock.advance(500)
    own.change(undefined)
    expect(reasons).toMatchObject([{ code: 'signed-out' }])
    await own.clock.advance(second)
    expect(waiting.code).toBe('signed-out')
    // It has no `clear`, which is no failure to store.
    expect(own.events.filter(({ type }) => type === 'notice')).toEqual([])
  })

  test('what a sign-in has overtaken is not told to other tabs as stored', async () => {
    const committed: unknown[] = []
    const turn: Turn = {
      stillCurrent: () => true,
      committed: (token) => void committed.push(token.value),
    }
    const own = scene({
      stored: ended,
      subscribes: true,
      source: { store: () => after(own.clock, second, () => {}) },
      options: { coordinator: { exclusive: (_key, job) => job(turn) } },
    })
    const waiting = watch(own.policy.token())
    await own.clock.advance(500)
    own.change(own.mint())
    await own.clock.advance(second)
    expect(waiting.value?.value).toBe('secret-access-3')
    expect(committed).toEqual([])
  })
})

test('a manual refresh for a token that is just being stored brings the next one', async () => {
  const own = scene({
    stored: ended,
    subscribes: true,
    source: { store: () => after(own.clock, second, () => {}) },
  })
  void watch(own.policy.token())
  await own.clock.advance(500)
  expect(sentToken(send(own.policy))).toBe('secret-access-2')
  const waiting = watch(own.policy.refresh())
  await own.clock.advance(2 * second)
  expect(waiting.value?.value).toBe('secret-access-3')
  expect(own.calls).toMatchObject([{ reason: 'expired' }, { reason: 'manual' }])
})

describe('what the store shows is who is signed in', () => {
  test('a token without a user says nothing of a change of user', () => {
    const own = scene()
    send(own.policy)
    own.stored = own.mint({ identity: undefined })
    expect(sentToken(send(own.policy))).toBe('secret-access-2')
    expect(own.events.filter(({ type }) => type === 'session')).toHaveLength(1)
  })

  test('a token that is put back after a sign-out is a sign-in', () => {
    const own = scene({ subscribes: true })
    const { stored } = own
    send(own.policy)
    own.change(undefined)
    own.change(stored)
    expect(sentToken(send(own.policy))).toBe('secret-access-1')
  })

  test('that nobody is signed in is told once it is known', () => {
    const own = scene({ stored: null })
    expect(own.policy.authorize({ url: 'https://api.example.com/' })).toBeUndefined()
    expect(own.events).toEqual([{ type: 'status', status: 'signed-out' }])
  })

  test('a sign-out is told, also when nothing is in the air', () => {
    const own = scene({ subscribes: true })
    send(own.policy)
    own.change(undefined)
    expect(own.events.at(-1)).toEqual({ type: 'status', status: 'signed-out' })
  })

  test('a store that tells of changes and could not be read is asked again', async () => {
    let read = (): TestToken | undefined | Promise<never> => Promise.reject(new Error('locked'))
    const own = scene({ subscribes: true, source: { read: () => read() } })
    const waiting = watch(own.policy.token())
    await own.clock.advance(0)
    expect(waiting.code).toBe('source-failed')
    read = () => own.stored
    expect(sentToken(send(own.policy))).toBe('secret-access-1')
  })
})

test('a refused token that has been replaced by one that has ended costs a refresh for that', async () => {
  const own = scene({ stored: { lifetimeMs: 10 * minute } })
  const header = send(own.policy)
  own.stored = own.mint(ended)
  const replay = refuse(own.policy, header)
  await own.clock.advance(0)
  expect(own.calls).toMatchObject([{ reason: 'expired' }])
  expect(sentToken(replay.value)).toBe('secret-access-3')
})
