import { describe, expect, test } from 'vitest'
import { orAbort, takeOff, type Flight } from './single-flight.ts'
import { expectNothingUnhandled } from '../test/unhandled.ts'
import { watch } from '../test/watch.ts'

expectNothingUnhandled()

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

describe('takeOff', () => {
  test('starts the job later, when whoever started it knows the flight', async () => {
    const order: string[] = []
    const flight = takeOff(
      async () => void order.push('job'),
      () => {},
    )
    order.push('registered')
    await flight.promise
    expect(order).toEqual(['registered', 'job'])
  })

  test('gives everybody what the job gave', async () => {
    const flight = takeOff(
      async () => 42,
      () => {},
    )
    expect(await Promise.all([flight.promise, flight.promise])).toEqual([42, 42])
  })

  test.each<[string, () => Promise<never>]>([
    ['rejects', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
  ])('a job that %s fails the flight, whether anybody waits or not', async (_, job) => {
    const flight = takeOff(job, () => {})
    await nextTurn()
    await expect(flight.promise).rejects.toThrow('no')
    expect(flight.signal.reason).toEqual(new Error('no'))
  })

  test('is over before anybody hears of it, and over once', async () => {
    const order: string[] = []
    const flight: Flight<number> = takeOff(
      async () => 1,
      () => order.push('over'),
    )
    flight.signal.addEventListener('abort', () => order.push('aborted'))
    void flight.promise.then((result) => order.push(`heard ${result}`))
    flight.land(2)
    expect(order).toEqual(['over', 'aborted'])
    flight.land(3)
    flight.fail(new Error('late'))
    await nextTurn()
    expect(order).toEqual(['over', 'aborted', 'heard 2'])
  })

  test('its signal is aborted with the error that ended it, and without one when it landed', async () => {
    const failed = takeOff(
      () => new Promise(() => {}),
      () => {},
    )
    const error = new Error('deadline')
    failed.fail(error)
    expect(failed.signal.reason).toBe(error)
    await expect(failed.promise).rejects.toBe(error)
    const landed = takeOff<void>(
      async () => {},
      () => {},
    )
    await landed.promise
    expect(landed.signal.reason).toMatchObject({ name: 'AbortError' })
  })
})

describe('orAbort', () => {
  test('without a signal it is the promise itself', () => {
    const promise = Promise.resolve()
    expect(orAbort(promise, undefined)).toBe(promise)
  })

  test('passes on what becomes of the promise', async () => {
    const { signal } = new AbortController()
    expect(await orAbort(Promise.resolve(1), signal)).toBe(1)
    await expect(orAbort(Promise.reject(new Error('no')), signal)).rejects.toThrow('no')
  })

  test('rejects with the reason of the signal, once, and says so at once', async () => {
    const controller = new AbortController()
    let aborts = 0
    const waiting = watch(orAbort(new Promise(() => {}), controller.signal, () => (aborts += 1)))
    controller.abort('gone')
    expect(aborts).toBe(1)
    await nextTurn()
    expect(waiting.error).toBe('gone')
  })

  test('a signal that is aborted already is noticed', async () => {
    let aborts = 0
    const waiting = watch(
      orAbort(Promise.resolve(), AbortSignal.abort('gone'), () => (aborts += 1)),
    )
    await nextTurn()
    expect([waiting.error, aborts]).toEqual(['gone', 1])
  })

  test('an abort after the end changes nothing', async () => {
    const controller = new AbortController()
    let aborts = 0
    const waiting = orAbort(Promise.resolve(1), controller.signal, () => (aborts += 1))
    expect(await waiting).toBe(1)
    await nextTurn()
    controller.abort()
    expect(aborts).toBe(0)
  })

  test('a promise that fails after the abort is no unhandled rejection', async () => {
    const controller = new AbortController()
    const late = new Promise((_, reject) => void setImmediate(reject, new Error('late')))
    const waiting = watch(orAbort(late, controller.signal))
    controller.abort('gone')
    await nextTurn()
    expect(waiting.error).toBe('gone')
  })
})
