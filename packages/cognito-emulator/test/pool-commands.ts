import type { BrowserCommand } from 'vitest/node'

import {
  createUserPool,
  type AmplifyConfig,
  type FaultRule,
  type LoggedRequest,
  type UserPool,
  type UserPoolOptions,
} from '../src/index.ts'

/** What a test in a page can ask of a pool in Node. */
declare module 'vitest/browser' {
  interface BrowserCommands {
    openPool(options: UserPoolOptions): Promise<AmplifyConfig>
    failPool(rule: FaultRule): Promise<void>
    poolLog(): Promise<readonly LoggedRequest[]>
    closePool(): Promise<void>
  }
}

let pool: UserPool | undefined

const running = (): UserPool => {
  if (pool === undefined) throw new Error('No pool is open.')
  return pool
}

const openPool: BrowserCommand<[UserPoolOptions]> = async (_, options) => {
  await pool?.close()
  pool = await createUserPool({ users: { alice: 'secret' }, ...options })
  return pool.amplifyConfig
}
const failPool: BrowserCommand<[FaultRule]> = (_, rule) => {
  running().clearLog()
  running().fail(rule)
}
const poolLog: BrowserCommand = () => running().log
const closePool: BrowserCommand = () => running().close()

export const poolCommands = { openPool, failPool, poolLog, closePool }
