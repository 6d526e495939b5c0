import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** What is behind the pages, in Node, on the sources of the packages. */
const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['@unexpired/source'] },
  ssr: { resolve: { conditions: ['@unexpired/source'] }, noExternal: [/^@unexpired\//] },
  test: {
    include: ['src/**/*.test.ts'],
    testTimeout: 30_000,
    reporters: ['default', ['json', { outputFile: 'reports/node.json' }]],
  },
})

export default config
