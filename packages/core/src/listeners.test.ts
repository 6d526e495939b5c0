import { describe, expect, test } from 'vitest'
import { createListeners, harmlessly } from './listeners.ts'
import type { PolicyEvent } from './snapshot.ts'
import { expectNothingUnhandled } from '../test/unhandled.ts'

expectNothingUnhandled()

const event: PolicyEvent = { type: 'notice', message: 'x' }

describe('createListeners', () => {
  test('tells all, in the order in which they came', () => {
    const listeners = createListeners()
    const heard: string[] = []
    listeners.add(({ type }) => void heard.push(`first ${type}`))
    listeners.add(({ type }) => void heard.push(`second ${type}`))
    listeners.tell(event)
    expect(heard).toEqual(['first notice', 'second notice'])
  })

  test('one that throws, now or later, keeps nothing from the others', () => {
    const listeners = createListeners()
    let heard = 0
    listeners.add(() => {
      throw new Error('now')
    })
    listeners.add(() => Promise.reject(new Error('later')))
    listeners.add(() => void (heard += 1))
    listeners.tell(event)
    expect(heard).toBe(1)
  })

  test('one that leaves while it is told is told no more', () => {
    const listeners = createListeners()
    let heard = 0
    const leave = listeners.add(() => ((heard += 1), leave()))
    listeners.tell(event)
    listeners.tell(event)
    expect(heard).toBe(1)
  })

  test('once cleared, nobody is told', () => {
    const listeners = createListeners()
    let heard = 0
    listeners.add(() => ((heard += 1), listeners.clear()))
    listeners.add(() => void (heard += 1))
    listeners.tell(event)
    expect(heard).toBe(1)
  })
})

describe('harmlessly', () => {
  test('calls at once', () => {
    let isCalled = false
    harmlessly(() => (isCalled = true))
    expect(isCalled).toBe(true)
  })
})
