import { mergeConfig, type ViteUserConfig } from 'vitest/config'

import browser from '../../vitest.browser.ts'

const config: ViteUserConfig = mergeConfig(browser, {
  test: { globalSetup: '@unexpired/adapter-tests/servers' },
})

export default config
