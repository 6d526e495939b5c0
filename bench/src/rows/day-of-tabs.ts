import { createPolicy, type Policy } from '../../../packages/core/dist/index.js'
import {
  scriptedIdp,
  seededRandom,
  virtualClock,
  type VirtualClock,
} from '../../../packages/testing/dist/index.js'
import { coordinatedTabs } from '../world/coordinated-tabs.ts'
import type { Line, Row } from '../line.ts'

const origin = 'https://api.example.com'
const minute = 60_000
const lifetimeMs = 60 * minute
const tabs = 5

/** A working day: stretches of 40 to 110 minutes, coffees between them, and one longer pause. */
const stretchesOf = (
  random: () => number,
): readonly (readonly [fromMin: number, toMin: number])[] => {
  const stretches: [number, number][] = []
  let at = 0
  for (let stretch = 0; stretch < 6; stretch++) {
    const length = 40 + random() * 70
    stretches.push([at, at + length])
    at += length + (stretch === 2 ? 30 + random() * 45 : 5 + random() * 15)
  }
  return stretches
}

/** The moments of a day's requests, by tab: one tab in front, the others poll now and then. */
const requestsOf = (random: () => number): readonly (readonly [atMs: number, tab: number])[] => {
  const moments: [number, number][] = []
  for (const [from, to] of stretchesOf(random)) {
    let front = 0
    for (let at = from * minute; at < to * minute; at += -Math.log(1 - random()) * 10_000) {
      if (random() < 0.03) front = Math.floor(random() * tabs)
      moments.push([at, random() < 0.8 ? front : Math.floor(random() * tabs)])
    }
  }
  return moments
}

/** With knowledge of the whole day: a refresh is due when a request finds no token that will last. */
const leastRefreshes = (moments: readonly (readonly [number, number])[]): number => {
  let endsAt = lifetimeMs
  let refreshes = 0
  for (const [at] of moments) {
    if (at < endsAt - 5_000) continue
    refreshes++
    endsAt = at + lifetimeMs
  }
  return refreshes
}

const dayWith = async (
  seed: number,
  isCoordinated: boolean,
): Promise<{ refreshes: number; least: number; failed: number }> => {
  const clock: VirtualClock = virtualClock({ seed })
  const idp = scriptedIdp({ runtime: clock, lifetimeMs, latencyMs: 80, seed })
  const device = idp.device({ lagMs: 2 })
  device.signIn('alice')
  const coordinator = coordinatedTabs(clock)
  const policies = Array.from({ length: tabs }, (): Policy =>
    createPolicy({
      source: device.source(),
      origins: [origin],
      runtime: clock,
      coordinator: isCoordinated ? coordinator() : undefined,
    }),
  )
  const moments = requestsOf(seededRandom(seed))
  let now = 0
  let failed = 0
  for (const [at, tab] of moments) {
    if (at > now) await clock.advance(at - now)
    now = at
    const policy = policies[tab] as Policy
    void Promise.resolve(policy.authorize({ url: `${origin}/thing` })).then(
      (header) =>
        void (failed += Number(!header || idp.check(header.value.slice(7)).status !== 'valid')),
      () => void failed++,
    )
  }
  await clock.advance(minute)
  for (const policy of policies) policy.dispose()
  return { refreshes: idp.refreshes.length, least: leastRefreshes(moments), failed }
}

/** A working day of one user with five tabs, tokens of an hour, strict rotation, on a virtual clock. */
export const row: Row = async ({ progress, quick }) => {
  const lines: Line[] = []
  for (const isCoordinated of [true, false]) {
    const days = quick ? 2 : 30
    const seen: Awaited<ReturnType<typeof dayWith>>[] = []
    for (let day = 1; day <= days; day++) {
      progress(`a day of one user, ${tabs} tabs: day ${day} of ${days}`)
      seen.push(await dayWith(day, isCoordinated))
    }
    const line = {
      work: `a day of one user, ${tabs} tabs`,
      subject: isCoordinated ? 'unexpired core, coordinated' : 'unexpired core, each tab alone',
      role: 'ours',
    } as const
    const total = (of: 'refreshes' | 'least' | 'failed'): number =>
      seen.reduce((sum, day) => sum + day[of], 0)
    lines.push(
      {
        ...line,
        measure: 'refreshes',
        unit: 'a day',
        value: total('refreshes') / days,
        limit: total('least') / days,
      },
      {
        ...line,
        measure: 'refreshes over the least possible',
        unit: '×',
        value: total('refreshes') / total('least'),
        limit: 1,
        bar: isCoordinated ? { ratio: 1.15 } : undefined,
      },
      {
        ...line,
        measure: 'requests without a good token',
        unit: '',
        value: total('failed'),
        limit: 0,
        bar: isCoordinated ? { value: 0 } : undefined,
      },
    )
  }
  return lines
}
