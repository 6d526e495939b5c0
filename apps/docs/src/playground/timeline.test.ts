import { expect, test } from 'vitest'
import { defaults } from './settings.ts'
import { inWords, timelineOf } from './timeline.ts'
import { createWorld } from './world.ts'

test('fifteen minutes without anything are folded, and bars stay within the width', async () => {
  const world = createWorld(defaults)
  await world.finish()
  const { gaps, requests, refreshes, width, requestLanes } = timelineOf(
    world.requests,
    world.refreshes(),
    world.now(),
    600,
  )
  expect(gaps.map(({ text }) => text)).toEqual(['15 min'])
  expect(width).toBe(600)
  expect(refreshes).toHaveLength(1)
  expect(requestLanes).toBe(20)
  for (const { x, width: wide } of requests) {
    expect(x).toBeGreaterThanOrEqual(0)
    expect(x + wide).toBeLessThanOrEqual(601)
  }
})

test('requests that overlap never share a lane', async () => {
  const world = createWorld({ ...defaults, pattern: 'widespread', traffic: 'steady' })
  await world.finish()
  const { requests } = timelineOf(world.requests, world.refreshes(), world.now(), 600)
  for (const lane of new Set(requests.map((bar) => bar.lane))) {
    const bars = requests.filter((bar) => bar.lane === lane).sort((a, b) => a.x - b.x)
    bars.slice(1).forEach((bar, index) => {
      const before = bars[index]!
      expect(bar.x).toBeGreaterThanOrEqual(before.x + before.width - 2.1)
    })
  }
})

test('durations are told in the unit that fits', () => {
  expect([40, 1_250, 90_000, 5_400_000].map(inWords)).toEqual([
    '40 ms',
    '1.3 s',
    '1.5 min',
    '1.5 h',
  ])
})

test('nothing is drawn of nothing', () => {
  expect(timelineOf([], [], 0, 300)).toMatchObject({ width: 300, requestLanes: 0, gaps: [] })
})
