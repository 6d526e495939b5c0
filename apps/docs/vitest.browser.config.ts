import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** The built site in a real Chromium, driven from Node. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.browser.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: 'reports/browser.json' }]],
  },
})

export default config
