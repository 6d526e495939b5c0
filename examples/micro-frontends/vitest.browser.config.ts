export { default } from '../../packages/browser/vitest.browser.config.ts'
