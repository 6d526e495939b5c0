import { mergeConfig, type ViteUserConfig } from 'vitest/config'

import shared from '../../vitest.shared.ts'

// The tests run the command's entry as a process of its own, where coverage does not see it.
const config: ViteUserConfig = mergeConfig(shared, {
  test: { coverage: { exclude: ['src/bin.ts'] } },
})

export default config
