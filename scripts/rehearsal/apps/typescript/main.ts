// Compiled by each TypeScript, and then run.
import { amplifyTokenProvider, amplifyTokens } from '@unexpired/amplify'
import { withAuth } from '@unexpired/axios'
import { createPolicy, findTokenError, rehearsedCore, type Policy } from '@unexpired/core'
import { withAuth as withFetch } from '@unexpired/fetch'
import { Amplify, type ResourcesConfig } from 'aws-amplify'
import { signIn } from 'aws-amplify/auth'
import axios, { type AxiosInstance } from 'axios'

interface Settings {
  readonly amplify: ResourcesConfig
  readonly apiUrl: string
  readonly lifetimeMs: number
}

interface Answer {
  readonly data: { readonly user: string }
}

const { amplify, apiUrl, lifetimeMs } = JSON.parse(process.argv[2] ?? '') as Settings

const policy: Policy = createPolicy({ source: amplifyTokens(), origins: [apiUrl] })
Amplify.configure(amplify, { Auth: { tokenProvider: amplifyTokenProvider(policy) } })
await signIn({ username: 'alice', password: 'secret' })

const api: AxiosInstance = withAuth(axios.create({ baseURL: apiUrl }), policy)
const byFetch: typeof fetch = withFetch(fetch, policy)

async function ask(): Promise<string[]> {
  try {
    const { data: answer } = await api.get<Answer>('/me')
    const other = (await (await byFetch(`${apiUrl}/me`)).json()) as Answer
    return [answer.data.user, other.data.user]
  } catch (error) {
    // The kinds are a union: a fifth would not compile.
    const kind: 'offline' | 'transient' | 'signed-out' | 'misconfigured' | undefined =
      findTokenError(error)?.kind
    return [kind ?? String(error)]
  }
}

const before = await ask()
await new Promise((resolve) => setTimeout(resolve, lifetimeMs))
const after = await ask()
console.log(JSON.stringify({ users: [...before, ...after], rehearsed: rehearsedCore }))
