import { mergeConfig, type ViteUserConfig } from 'vitest/config'

import shared from '../../vitest.shared.ts'

const on = (name: string, axios: string): object => ({
  extends: true,
  test: { name },
  resolve: { alias: [{ find: /^axios$/, replacement: axios }] },
})

/** The same tests on the newest axios, on the oldest that is promised, and where its ways have changed between. */
const config: ViteUserConfig = mergeConfig(shared, {
  test: {
    projects: [
      on('axios 1.21', 'axios'),
      // The first with `getAdapter`.
      on('axios 1.5', 'axios-1-5'),
      // The first with a fetch adapter.
      on('axios 1.7', 'axios-1-7'),
      // The first that makes causes of errors by itself.
      on('axios 1.12', 'axios-1-12'),
    ],
  },
})

export default config
