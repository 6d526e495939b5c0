import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** The tests of the house itself and of its tools, run from the root. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['scripts/*.test.ts', 'runtimes/src/*.test.ts'],
    reporters: ['default', ['json', { outputFile: 'reports/house.json' }]],
  },
})

export default config
