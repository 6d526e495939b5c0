'use client'

import { amplifyTokenProvider, amplifyTokens } from '@unexpired/amplify'
import { refreshThroughServer } from '@unexpired/amplify/next'
import { withAuth } from '@unexpired/axios'
import { acrossTabs, browserSignals } from '@unexpired/browser'
import { createPolicy } from '@unexpired/core'
import { Amplify } from 'aws-amplify'
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito'
import { CookieStorage } from 'aws-amplify/utils'
import axios from 'axios'
import { apiUrl, config } from './config'

/** One policy for the page; the server refreshes for it, so that page and server never spend the same refresh token. */
export const policy = createPolicy({
  source: refreshThroughServer(amplifyTokens(), '/auth/refresh'),
  origins: [apiUrl],
  coordinator: acrossTabs(),
})

export const api = withAuth(axios.create({ baseURL: apiUrl }), policy)

Amplify.configure(config, { ssr: true, Auth: { tokenProvider: amplifyTokenProvider(policy) } })
// What `ssr: true` does by itself where Amplify is given no token provider.
cognitoUserPoolsTokenProvider.setKeyValueStorage(new CookieStorage({ sameSite: 'lax' }))
browserSignals(policy)
