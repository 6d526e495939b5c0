import { mergeConfig, type ViteUserConfig } from 'vitest/config'

import shared from '../../vitest.browser.ts'
import { poolCommands } from './test/pool-commands.ts'

const config: ViteUserConfig = mergeConfig(shared, {
  test: { testTimeout: 30_000, browser: { commands: poolCommands } },
})

export default config
