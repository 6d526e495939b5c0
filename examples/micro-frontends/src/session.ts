import { amplifyTokens } from '@unexpired/amplify'
import { acrossTabs } from '@unexpired/browser'
import { createPolicy, sharePolicy, type Policy } from '@unexpired/core'
import { Amplify } from 'aws-amplify'

/** What the server says of itself; an app of yours has it from its build. */
export interface ShopConfig {
  readonly apiUrl: string
  readonly amplify: Parameters<typeof Amplify.configure>[0]
}

declare global {
  interface Window {
    readonly shopConfig: ShopConfig
  }
}

/** Each micro-frontend is built with a copy of this file, and of all that it imports. One of them makes the policy, and all use it. */
export const session = (): Policy =>
  sharePolicy('shop', () => {
    Amplify.configure(window.shopConfig.amplify)
    return createPolicy({
      source: amplifyTokens(),
      origins: [window.shopConfig.apiUrl],
      coordinator: acrossTabs(),
    })
  })
