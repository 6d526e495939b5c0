import type { Coordinator, JobContext, News, Turn } from '@unexpired/core'
import { expect, test } from 'vitest'
import { wait } from '../idp/wait.ts'
import { seededRandom } from '../seeded-random.ts'
import { virtualClock } from '../virtual-clock.ts'
import type { CoordinatorKind } from './schedule.ts'
import { coordinatorHub } from './simulated-coordinator.ts'

const token = (value: string, expiresAt = 1) => ({ value, expiresAt, identity: 'alice' })

const setUp = (kind: CoordinatorKind) => {
  const clock = virtualClock()
  const join = coordinatorHub(clock, kind, seededRandom(1))
  const seen: string[] = []
  const run = (
    member: Coordinator,
    name: string,
    {
      ms = 100,
      previous,
      read = async () => undefined,
      signal = new AbortController().signal,
      onTurn,
    }: Partial<JobContext> & {
      ms?: number
      onTurn?: (turn: Turn) => void | Promise<void>
    } = {},
  ) =>
    member.exclusive(
      'key',
      async (turn) => {
        seen.push(`${name} begins`)
        await wait(clock, ms)
        await onTurn?.(turn)
        seen.push(`${name} ends`)
      },
      { signal, previous, read },
    )
  return { clock, join, seen, run }
}

test('without a coordinator there is none', () => {
  expect(setUp('none').join()).toBe(undefined)
})

test('a sound one lets in one after the other, also after a failure', async () => {
  const { clock, join, seen, run } = setUp('sound')
  const [one, two] = [join()!, join()!]
  const first = run(one, 'one', { onTurn: () => Promise.reject(new Error('no')) })
  const second = run(two, 'two')
  await Promise.all([expect(first).rejects.toThrow('no'), clock.advance(250)])
  await second
  expect(seen).toEqual(['one begins', 'two begins', 'two ends'])
})

test('whoever has left gets no turn', async () => {
  const { join, seen, run } = setUp('sound')
  const signal = AbortSignal.abort(new Error('left'))
  await expect(run(join()!, 'one', { signal })).rejects.toThrow('left')
  expect(seen).toEqual([])
})

test('a turn waits until the store shows what another has committed', async () => {
  const { clock, join, seen, run } = setUp('sound')
  const [one, two] = [join()!, join()!]
  const [old, next] = [token('old'), token('next', 2)]
  let shown = old
  clock.setTimeout(() => (shown = next), 180)
  const read = async () => shown
  void run(one, 'one', { previous: old, read, onTurn: (turn) => turn.committed(next) })
  void run(two, 'two', { previous: old, read })
  await clock.advance(170)
  expect(seen).toEqual(['one begins', 'one ends'])
  await clock.advance(130)
  expect(seen).toEqual(['one begins', 'one ends', 'two begins', 'two ends'])
})

test('a store that cannot be read is asked again', async () => {
  const { clock, join, seen, run } = setUp('sound')
  const one = join()!
  void run(one, 'one', { onTurn: (turn) => turn.committed(token('next', 2)) })
  const read = () => Promise.reject(new Error('locked'))
  void run(one, 'two', { previous: token('old'), read })
  await clock.advance(110)
  expect(seen).toEqual(['one begins', 'one ends', 'two begins'])
})

test('one that loses its lock lets the next in, and says so to whoever had it', async () => {
  const { clock, join, seen, run } = setUp('loses')
  const [one, two] = [join()!, join()!]
  const still: boolean[] = []
  void run(one, 'one', {
    ms: 5_000,
    onTurn: async (turn) => void still.push(await turn.stillCurrent()),
  })
  void run(two, 'two', {
    onTurn: async (turn) => {
      still.push(await turn.stillCurrent())
      await turn.committed(token('next', 2))
    },
  })
  await clock.advance(6_000)
  expect(seen).toEqual(['one begins', 'two begins', 'two ends', 'one ends'])
  expect(still).toEqual([true, false])
})

test('the others are told, and whoever has left is not', async () => {
  const { clock, join } = setUp('sound')
  const [one, two] = [join()!, join()!]
  const heard: string[] = []
  one.subscribe!('key', (news: News) => heard.push(`one ${news.kind}`))
  const stop = two.subscribe!('key', (news: News) => heard.push(`two ${news.kind}`))
  one.publish!('key', { kind: 'changed' })
  await clock.advance(1)
  stop()
  one.publish!('key', { kind: 'changed' })
  await clock.advance(1)
  expect(heard).toEqual(['two changed'])
})

test('one that hangs gives no turn, one that forgets gives one to everybody', async () => {
  const hangs = setUp('hangs')
  void hangs.run(hangs.join()!, 'one')
  await hangs.clock.advance(60_000)
  expect(hangs.seen).toEqual([])

  const forgets = setUp('forgets')
  const turns: unknown[] = []
  const onTurn = async (turn: Turn) => {
    await turn.committed(token('next'))
    turns.push(await turn.stillCurrent())
  }
  void forgets.run(forgets.join()!, 'one', { onTurn })
  void forgets.run(forgets.join()!, 'two', { onTurn })
  await forgets.clock.advance(100)
  expect(forgets.seen.slice(0, 2)).toEqual(['one begins', 'two begins'])
  expect(turns).toEqual([true, true])
})

test('one that fails does so now and then', async () => {
  const { clock, join, run } = setUp('fails')
  const ends = Array.from({ length: 40 }, (_, n) =>
    run(join()!, String(n), { ms: 0 }).then(
      () => 'ran',
      (error: unknown) => (error as Error).message,
    ),
  )
  await clock.advance(0)
  expect(new Set(await Promise.all(ends))).toEqual(
    new Set(['ran', 'The coordinator is out of order.']),
  )
})
