/**
 * What an app with axios, Amplify and several tabs ships of this library: the entry that the
 * budget in `.size-limit.json` is measured on.
 */
export * from '../packages/amplify/dist/index.js'
export * from '../packages/axios/dist/index.js'
export * from '../packages/browser/dist/index.js'
export * from '../packages/core/dist/index.js'
