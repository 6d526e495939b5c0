import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config'

import shared from '../../vitest.shared.ts'

/** Every test runs against the newest Amplify that is supported, and against the oldest. */
const config: ViteUserConfig = mergeConfig(
  shared,
  defineConfig({
    test: {
      projects: [
        { extends: true, test: { name: 'newest' } },
        {
          extends: true,
          resolve: { alias: { 'aws-amplify': 'aws-amplify-oldest' } },
          test: { name: 'oldest' },
        },
      ],
    },
  }),
)

export default config
