import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** Runs in Node and drives a real Chromium with several tabs, which no test inside of a page could. */
const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['@unexpired/source'] },
  ssr: { resolve: { conditions: ['@unexpired/source'] } },
  test: {
    include: ['test/**/*.browser.test.ts'],
    // Each file starts a browser of its own, and most of the time waits for a token to end.
    maxWorkers: 2,
    reporters: ['default', ['json', { outputFile: 'reports/browser.json' }]],
  },
})

export default config
