import { parentPort, workerData } from 'node:worker_threads'
import { amplifyTokenProvider, amplifyTokens } from '@unexpired/amplify'
import type { AmplifyConfig } from '@unexpired/cognito-emulator'
import { createPolicy, findTokenError } from '@unexpired/core'
import { Amplify } from 'aws-amplify'
import { fetchAuthSession, signIn } from 'aws-amplify/auth'
import type { ClientName } from './client-names.ts'
import { ours, type Send } from './clients.ts'
import { pasted } from './pasted.ts'

/** What a lane is started with. */
export interface LaneData {
  readonly client: ClientName | 'pasted'
  readonly user: string
  readonly password: string
  readonly apiUrl: string
  readonly amplify: AmplifyConfig
  readonly requests: readonly number[]
}

/** What a lane tells. Times are milliseconds from the start. */
export type LaneNews =
  | { readonly type: 'ready' }
  | {
      readonly type: 'request'
      readonly atMs: number
      readonly tookMs: number
      readonly error: string | undefined
    }
  | { readonly type: 'session-lost'; readonly atMs: number }
  | { readonly type: 'done' }

const { client, user, password, apiUrl, amplify, requests } = workerData as LaneData
const tell = (news: LaneNews): void => parentPort?.postMessage(news)

const connect = async (): Promise<Send> => {
  if (client === 'pasted') {
    Amplify.configure(amplify)
    return pasted(apiUrl)
  }
  const policy = createPolicy({ source: amplifyTokens(), origins: [apiUrl] })
  Amplify.configure(amplify, { Auth: { tokenProvider: amplifyTokenProvider(policy) } })
  return ours[client](apiUrl, policy)
}

const isSignedIn = async (): Promise<boolean> => {
  try {
    return (await fetchAuthSession()).tokens !== undefined
  } catch {
    // An outage says nothing about the session.
    return true
  }
}

const signInAs = (): Promise<unknown> => signIn({ username: user, password })

const send = await connect()
await signInAs()
await send()

let start = 0
/** One sign-in at a time, as a person would. */
let signingIn: Promise<unknown> | undefined
const reviveLost = async (): Promise<void> => {
  if (signingIn || (await isSignedIn())) return
  tell({ type: 'session-lost', atMs: Date.now() - start })
  signingIn ??= signInAs()
    .catch(() => {})
    .then(() => (signingIn = undefined))
}

const request = async (): Promise<void> => {
  const at = Date.now()
  let error: string | undefined
  try {
    await send()
  } catch (thrown) {
    const { name, message } = thrown as Error
    error = findTokenError(thrown)?.code ?? `${name}: ${message.replace(/\s+/g, ' ')}`
  }
  tell({ type: 'request', atMs: at - start, tookMs: Date.now() - at, error })
  if (error) await reviveLost()
}

parentPort?.once('message', (startAt: number) => {
  start = startAt
  const all = requests.map(
    (ms) =>
      new Promise<void>((resolve) => {
        setTimeout(() => void request().then(resolve), Math.max(0, startAt + ms - Date.now()))
      }),
  )
  void Promise.all(all)
    .then(reviveLost)
    .then(() => tell({ type: 'done' }))
})
tell({ type: 'ready' })
