import { fileURLToPath } from 'node:url'

/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url))

/** Run in packages/core; see README.md. */
export default {
  plugins: [fileURLToPath(import.meta.resolve('@stryker-mutator/vitest-runner'))],
  testRunner: 'vitest',
  vitest: { configFile: here('vitest.config.ts') },
  coverageAnalysis: 'perTest',
  mutate: ['src/**/*.ts', '!src/**/*.test.ts'],
  ignorePatterns: ['dist', 'coverage', 'reports', 'etc', 'tsconfig*.json', 'turbo.json'],
  // Not among the packages, where other tools would take a copy for one of them.
  tempDirName: here('reports/copies'),
  // It rewrites this one by the API of an older TypeScript; nothing of the tests reads it.
  tsconfigFile: 'none.json',
  concurrency: 1,
  incremental: true,
  incrementalFile: here('reports/incremental.json'),
  reporters: ['progress-append-only'],
  timeoutMS: 4_000,
  timeoutFactor: 1.5,
}
