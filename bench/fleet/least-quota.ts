import type { Behaviour } from './behaviour.ts'
import { simulate, type Fleet, type Outcome } from './simulate.ts'

/** A tenth of the fleet with a tenth of the quota behaves as the whole, and takes a tenth of the time. */
const part = 10

export const partOf = (fleet: Fleet): Fleet => ({
  ...fleet,
  sessions: fleet.sessions / part,
  quota: Math.round(fleet.quota / part),
})

/** What became of a part, as what would have become of the whole. */
export const scaled = ({ perSecond, granted, refused, noticed }: Outcome): Outcome => ({
  perSecond: perSecond.map((calls) => calls * part),
  granted: granted * part,
  refused: refused * part,
  noticed: noticed * part,
})

/** The least quota with which at most one session in ten thousand notices, to 2 %. */
export const leastQuota = (fleet: Fleet, behaviour: Behaviour): number => {
  const isEnough = (quota: number): boolean => {
    const { noticed } = simulate(partOf({ ...fleet, quota }), behaviour)
    return noticed * part <= fleet.sessions / 10_000
  }
  let [low, high] = [0, fleet.sessions / 100]
  while (high - low > high * 0.02) {
    const middle = (low + high) / 2
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return Math.round(high / part) * part
}
