import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** Tests that run in Node. Workspace packages are read from their sources, never from a build. */
const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['@unexpired/source'] },
  ssr: { resolve: { conditions: ['@unexpired/source'] } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/*.browser.test.ts'],
    // A property test takes a second on an idle machine, and ten beside a build on two busy cores.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: 'reports/node.json' }]],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.test.ts'],
      reporter: ['text'],
      thresholds: { lines: 100, branches: 100 },
    },
  },
})

export default config
