export { acrossTabs } from './across-tabs.ts'
export type { AcrossTabsOptions } from './across-tabs.ts'
export { browserSignals } from './browser-signals.ts'
