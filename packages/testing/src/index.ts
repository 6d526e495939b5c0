export { virtualClock } from './virtual-clock.ts'
export type { JumpOptions, VirtualClock, VirtualClockOptions } from './virtual-clock.ts'
