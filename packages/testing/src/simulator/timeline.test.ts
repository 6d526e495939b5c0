import { expect, test } from 'vitest'
import { scheduleOf } from './schedule.ts'
import { printed, timeline } from './timeline.ts'

test('entries carry the moment at which they are made', () => {
  let now = 5
  const line = timeline(() => now)
  line.add(undefined, 'the world')
  now = 7
  line.add(1, 'a tab')
  expect(line.entries).toEqual([
    { atMs: 5, tab: undefined, text: 'the world' },
    { atMs: 7, tab: 1, text: 'a tab' },
  ])
})

test('a run is printed line by line, with what was broken and a test to paste', () => {
  const schedule = { ...scheduleOf(3), steps: [] }
  const entries = [
    { atMs: 0, tab: undefined, text: 'sign-in' },
    { atMs: 12.4, tab: 2, text: 'refresh (stale)' },
  ]
  const text = printed(schedule, entries, ['rule 1: twice'])
  expect(text).toContain('         0 ms         sign-in\n        12 ms  tab 2  refresh (stale)')
  expect(text).toContain('✗ rule 1: twice')
  expect(text).toContain(`runSchedule(${JSON.stringify(schedule)})`)
})
