import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@unexpired/source'] },
  ssr: { resolve: { conditions: ['@unexpired/source'] } },
  test: { include: ['src/**/*.test.ts', 'test/**/*.test.ts'] },
})
