import { expect, test } from 'vitest'
import { scheduleOf, type Schedule } from './schedule.ts'
import { shrink } from './shrink.ts'

const breaksWhen = (isBroken: (schedule: Schedule) => boolean) => async (schedule: Schedule) => ({
  violations: isBroken(schedule) ? ['rule 0: it is broken'] : [],
  entries: [],
  refreshes: 0,
})

const long: Schedule = {
  ...scheduleOf(1),
  steps: Array.from({ length: 23 }, (_, after) => ({ after, do: 'sign-out' })),
}

test('what is left is what it takes, in its order', async () => {
  const run = breaksWhen(({ steps }) =>
    [3, 11, 20].every((needed) => steps.some(({ after }) => after === needed)),
  )
  const { steps } = await shrink(long, run)
  expect(steps.map(({ after }) => after)).toEqual([3, 11, 20])
})

test('where nothing can be left out, nothing is', async () => {
  const run = breaksWhen(({ steps }) => steps.length === long.steps.length)
  expect(await shrink(long, run)).toEqual(long)
})

test('where the world alone is wrong, no step is left', async () => {
  expect(
    (
      await shrink(
        long,
        breaksWhen(() => true),
      )
    ).steps,
  ).toEqual([])
})
