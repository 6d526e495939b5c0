import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** Runs in Node, and drives a real Chromium against `next start`. */
const config: ViteUserConfig = defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: '../../../reports/e2e.json' }]],
  },
})

export default config
