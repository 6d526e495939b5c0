import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  root: import.meta.dirname,
  test: {
    include: ['*.test.ts'],
    reporters: ['default', ['json', { outputFile: '../reports/house.json' }]],
  },
})

export default config
