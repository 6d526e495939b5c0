import { mergeConfig, type ViteUserConfig } from 'vitest/config'

import browser from '../../vitest.browser.ts'

const config: ViteUserConfig = mergeConfig(browser, {
  test: { globalSetup: './test/browser-pools.ts' },
})

export default config
