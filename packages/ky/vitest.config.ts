import { mergeConfig, type ViteUserConfig } from 'vitest/config'

import shared from '../../vitest.shared.ts'

/** What ky 1 has no hooks for. */
const exclude = ['**/know-body.test.ts', '**/control.test.ts', '**/*.browser.test.ts']

/** The same tests on the ky that is developed against, the last ky 1, and the oldest that is promised. */
const config: ViteUserConfig = mergeConfig(shared, {
  test: {
    projects: [
      { extends: true, test: { name: 'newest' } },
      { extends: true, resolve: { alias: { ky: 'ky-1' } }, test: { name: 'ky 1', exclude } },
      {
        extends: true,
        resolve: { alias: { ky: 'ky-oldest' } },
        test: { name: 'oldest', exclude },
      },
    ],
  },
})

export default config
