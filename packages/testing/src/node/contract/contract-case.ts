import type { AdapterCapabilities } from './harness.ts'
import type { World, WorldOptions } from './world.ts'

/** What a client can do, and what its harness can show of it. */
export interface Abilities extends AdapterCapabilities {
  readonly observed: boolean
}

/** One thing that every adapter must do. */
export interface ContractCase {
  /** A sentence about behaviour. */
  readonly name: string
  /** Whether a client with these capabilities can be asked for it. Default: every client can. */
  readonly needs?: ((can: Abilities) => boolean) | undefined
  readonly world?: WorldOptions | undefined
  /** Rejects when the adapter does something else. */
  run(world: World): Promise<void>
}

/** Cases about one thing. */
export interface CaseGroup {
  readonly about: string
  readonly cases: readonly ContractCase[]
}
