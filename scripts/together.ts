/**
 * What an app with axios, Amplify and several tabs imports of this library: the entry that the
 * budget in `.size-limit.json` is measured on.
 */
export { amplifyTokenProvider, amplifyTokens } from '../packages/amplify/dist/index.js'
export { withAuth } from '../packages/axios/dist/index.js'
export { acrossTabs, browserSignals } from '../packages/browser/dist/index.js'
export { createPolicy, findTokenError } from '../packages/core/dist/index.js'
