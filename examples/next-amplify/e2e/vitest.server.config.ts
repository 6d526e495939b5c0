import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** The server alone, by plain requests: for every version of Next.js. */
const config: ViteUserConfig = defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.server.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default'],
  },
})

export default config
