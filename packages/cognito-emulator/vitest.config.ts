import { mergeConfig, type ViteUserConfig } from 'vitest/config'

import shared from '../../vitest.shared.ts'

const config: ViteUserConfig = mergeConfig(shared, {
  test: {
    // Amplify does its arithmetic in JavaScript and waits between its tries: slow where many tests share a processor.
    testTimeout: 30_000,
    expect: { poll: { timeout: 15_000 } },
    // The tests run the command's entry as a process of its own, where coverage does not see it.
    coverage: { exclude: ['src/bin.ts'] },
  },
})

export default config
