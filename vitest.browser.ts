import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

import { findChromium, launchArguments } from './scripts/chromium.ts'

const executablePath = findChromium()

/** Tests that run in a real Chromium: `*.browser.test.ts`. Installing one is the script's work. */
const config: ViteUserConfig = defineConfig({
  resolve: { conditions: ['@unexpired/source'] },
  test: {
    include: ['src/**/*.browser.test.ts', 'test/**/*.browser.test.ts'],
    reporters: ['default', ['json', { outputFile: 'reports/browser.json' }]],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          ...(executablePath === undefined ? {} : { executablePath }),
          args: [...launchArguments],
        },
      }),
      instances: [{ browser: 'chromium' }],
    },
  },
})

export default config
