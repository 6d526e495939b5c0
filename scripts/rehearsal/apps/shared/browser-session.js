// What an app in a browser has: Amplify, axios, several tabs.
import { amplifyTokenProvider, amplifyTokens } from '@unexpired/amplify'
import { withAuth } from '@unexpired/axios'
import { acrossTabs, browserSignals } from '@unexpired/browser'
import * as core from '@unexpired/core'
import { Amplify } from 'aws-amplify'
import { signIn } from 'aws-amplify/auth'
import axios from 'axios'

export function createSession({ amplify, apiUrl, lifetimeMs }) {
  const policy = core.createPolicy({
    source: amplifyTokens(),
    origins: [apiUrl],
    coordinator: acrossTabs(),
  })
  const api = withAuth(axios.create({ baseURL: apiUrl }), policy)

  async function play() {
    Amplify.configure(amplify, { Auth: { tokenProvider: amplifyTokenProvider(policy) } })
    browserSignals(policy)
    await signIn({ username: 'alice', password: 'secret' })
    const before = await api.get('/me')
    await new Promise((resolve) => setTimeout(resolve, lifetimeMs))
    const after = await api.get('/me')
    return {
      users: [before, after].map(({ data }) => data.data.user),
      rehearsed: core.rehearsedCore,
    }
  }
  return { policy, play }
}
