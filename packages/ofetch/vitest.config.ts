import { mergeConfig, type ViteUserConfig } from 'vitest/config'

import shared from '../../vitest.shared.ts'

/** The same tests on the ofetch that is developed against, the next one, and the oldest that is promised. */
const config: ViteUserConfig = mergeConfig(shared, {
  test: {
    projects: [
      { extends: true, test: { name: 'newest' } },
      { extends: true, resolve: { alias: { ofetch: 'ofetch-2' } }, test: { name: 'next' } },
      { extends: true, resolve: { alias: { ofetch: 'ofetch-oldest' } }, test: { name: 'oldest' } },
    ],
  },
})

export default config
