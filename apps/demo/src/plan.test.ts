import { expect, test } from 'vitest'
import { planFor } from './plan.ts'

test('nothing is sent while idle, and every trouble meets a burst', () => {
  const { requests, disturbances, totalMs } = planFor(30)
  const [idle, ...troubles] = disturbances
  expect(requests.filter((ms) => ms >= idle!.fromMs && ms < idle!.toMs)).toEqual([])
  for (const { fromMs, toMs } of troubles) {
    const during = requests.filter((ms) => ms >= fromMs && ms < toMs)
    expect(during.length).toBeGreaterThan(20)
  }
  expect(requests.every((ms) => ms >= 0 && ms <= totalMs)).toBe(true)
})

test('the idle gap of the default run outlives a token', () => {
  const [idle] = planFor(30).disturbances
  expect(idle!.toMs - idle!.fromMs).toBeGreaterThan(8_000)
})
