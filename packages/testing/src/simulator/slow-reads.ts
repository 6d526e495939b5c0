import type { Runtime } from '@unexpired/core'
import type { Device } from '../idp/scripted-idp.ts'
import { wait } from '../idp/wait.ts'
import type { World } from './schedule.ts'
import type { SourceContext } from './source-context.ts'

/** The scripted source of a tab, whose slow reads may show what was there when they began. */
export const scriptedSourceOf = (
  device: Device,
  world: World,
  clock: Runtime,
): SourceContext['scripted'] => {
  const { readMs, readsEarly } = world
  if (!readsEarly || readMs === undefined) return device.source(world) as SourceContext['scripted']
  const source = device.source({ ...world, readMs: undefined }) as SourceContext['scripted']
  const { read } = source
  return Object.assign(source, {
    read: async () => {
      const seen = read()
      await wait(clock, readMs)
      return seen
    },
  })
}
