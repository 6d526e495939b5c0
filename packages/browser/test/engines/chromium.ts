import { chromium, type Browser } from 'playwright'
import { findChromium, launchArguments } from '../../../../scripts/chromium.ts'
import { untilReady, type Engine } from './engine.ts'

export const launchChromium = (): Promise<Browser> => {
  const executablePath = findChromium()
  return chromium.launch({
    ...(executablePath && { executablePath }),
    args: [...launchArguments],
    // Playwright switches the back-forward cache off.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
}

export const startChromium = async (): Promise<Engine> => {
  const browser = await launchChromium()
  return {
    name: `Chromium ${browser.version().split('.')[0]}`,
    async profile() {
      const context = await browser.newContext()
      return {
        async open(address) {
          const page = await context.newPage()
          await page.goto(address)
          return untilReady(page)
        },
        close: () => context.close(),
      }
    },
    close: () => browser.close(),
  }
}
