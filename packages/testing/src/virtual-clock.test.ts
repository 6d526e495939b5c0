import { describe, expect, test } from 'vitest'
import { virtualClock } from './virtual-clock.ts'

describe('advance', () => {
  test('runs timers in the order of their moments, each at its own moment', async () => {
    const clock = virtualClock({ now: 1_000 })
    const ran: [string, number, number][] = []
    const mark = (name: string) => () => ran.push([name, clock.now(), clock.monotonic()])
    clock.setTimeout(mark('late'), 30)
    clock.setTimeout(mark('early'), 10)
    clock.setTimeout(mark('early, second'), 10)
    await clock.advance(40)
    expect(ran).toEqual([
      ['early', 1_010, 10],
      ['early, second', 1_010, 10],
      ['late', 1_030, 30],
    ])
    expect(clock.now()).toBe(1_040)
    expect(clock.monotonic()).toBe(40)
  })

  test('leaves alone what is not due', async () => {
    const clock = virtualClock()
    let ran = false
    clock.setTimeout(() => (ran = true), 11)
    await clock.advance(10)
    expect([ran, clock.pending]).toEqual([false, 1])
    await clock.advance(1)
    expect([ran, clock.pending]).toEqual([true, 0])
  })

  test('lets long chains of promises run between two timers', async () => {
    const clock = virtualClock()
    const order: string[] = []
    clock.setTimeout(async () => {
      for (let i = 0; i < 200; i++) await undefined
      order.push('first, after 200 promises')
    }, 10)
    clock.setTimeout(() => order.push('second'), 10)
    await clock.advance(10)
    expect(order).toEqual(['first, after 200 promises', 'second'])
  })

  test('runs a timer that is started after promises, before time passes', async () => {
    const clock = virtualClock({ now: 0 })
    let at: number | undefined
    void (async () => {
      for (let i = 0; i < 50; i++) await undefined
      clock.setTimeout(() => (at = clock.now()), 5)
    })()
    await clock.advance(100)
    expect(at).toBe(5)
  })

  test('runs timers that timers start, at their own moments', async () => {
    const clock = virtualClock({ now: 0 })
    const at: number[] = []
    const tick = () => {
      at.push(clock.now())
      clock.setTimeout(tick, 10)
    }
    clock.setTimeout(tick, 10)
    await clock.advance(35)
    expect(at).toEqual([10, 20, 30])
  })

  test('takes its turn when called twice at once', async () => {
    const clock = virtualClock({ now: 0 })
    const at: number[] = []
    clock.setTimeout(() => clock.setTimeout(() => at.push(clock.now()), 10), 10)
    await Promise.all([clock.advance(15), clock.advance(15)])
    expect([at, clock.now()]).toEqual([[20], 30])
  })

  test('a throwing timer does not stop the others, and its error comes out', async () => {
    const clock = virtualClock({ now: 0 })
    let ran = false
    clock.setTimeout(() => {
      throw new Error('from a timer')
    }, 1)
    clock.setTimeout(() => (ran = true), 2)
    await expect(clock.advance(10)).rejects.toThrow('from a timer')
    expect([ran, clock.now()]).toEqual([true, 10])
    await clock.advance(1)
  })

  test('tells of timers that never let time pass', async () => {
    const clock = virtualClock()
    const again = () => void clock.setTimeout(again, 0)
    again()
    await expect(clock.advance(1)).rejects.toThrow('Give the repeating timer a delay')
  })
})

describe('timers', () => {
  test('a cleared timer does not run, and an unknown handle is ignored', async () => {
    const clock = virtualClock()
    let ran = false
    clock.clearTimeout(clock.setTimeout(() => (ran = true), 1))
    clock.clearTimeout(undefined)
    clock.clearTimeout({})
    await clock.advance(5)
    expect([ran, clock.pending]).toEqual([false, 0])
  })

  test('a delay over 24.8 days overflows, as on real platforms', async () => {
    const clock = virtualClock()
    let ran = 0
    clock.setTimeout(() => ran++, 2 ** 31)
    clock.setTimeout(() => ran++, 2 ** 31 - 1)
    await clock.advance(1)
    expect([ran, clock.pending]).toEqual([1, 1])
  })

  test('a delay that is negative or no number counts as none', async () => {
    const clock = virtualClock()
    let ran = 0
    clock.setTimeout(() => ran++, -5)
    clock.setTimeout(() => ran++, Number.NaN)
    await clock.advance(0)
    expect(ran).toBe(2)
  })
})

describe('jump', () => {
  test('moves the wall clock first and then runs what came due; the monotonic clock stands still', async () => {
    const clock = virtualClock({ now: 0 })
    const seen: number[][] = []
    clock.setTimeout(() => seen.push([clock.now(), clock.monotonic()]), 10)
    clock.setTimeout(() => seen.push([clock.now(), clock.monotonic()]), 3_600_001)
    await clock.jump(3_600_000)
    expect([seen, clock.pending]).toEqual([[[3_600_000, 0]], 1])
    await clock.advance(1)
    expect(seen[1]).toEqual([3_600_001, 1])
  })

  test('can let the monotonic clock count the time', async () => {
    const clock = virtualClock()
    await clock.jump(5_000, { monotonic: true })
    expect(clock.monotonic()).toBe(5_000)
  })

  test('can leave timers the time that they had', async () => {
    const clock = virtualClock({ now: 0 })
    let at: number | undefined
    clock.setTimeout(() => (at = clock.now()), 10)
    await clock.jump(1_000, { timers: 'frozen' })
    expect(at).toBeUndefined()
    await clock.advance(10)
    expect(at).toBe(1_010)
  })

  test('backwards, moves only the wall clock', async () => {
    const clock = virtualClock({ now: 1_000 })
    let at: number | undefined
    clock.setTimeout(() => (at = clock.now()), 10)
    await clock.jump(-400, { monotonic: true })
    expect([clock.now(), clock.monotonic(), at]).toEqual([600, 0, undefined])
    await clock.advance(10)
    expect(at).toBe(610)
  })
})

describe('random', () => {
  const draw = (seed: number) => {
    const clock = virtualClock({ seed })
    return Array.from({ length: 1_000 }, () => clock.random())
  }

  test('is the same for the same seed, and another for another', () => {
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
    expect(virtualClock({ seed: 7 }).seed).toBe(7)
  })

  test('is spread over [0, 1)', () => {
    const numbers = draw(3)
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...numbers)).toBeLessThan(1)
    const mean = numbers.reduce((sum, n) => sum + n, 0) / numbers.length
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.05)
  })
})

test('has no address unless it is given one', () => {
  expect(virtualClock().baseUrl()).toBeUndefined()
  expect(virtualClock({ baseUrl: 'https://app.example.com/' }).baseUrl()).toBe(
    'https://app.example.com/',
  )
})
