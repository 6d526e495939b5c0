import { createPolicy, findTokenError } from '@unexpired/core'
import type { Coordinator, Runtime } from '@unexpired/core'
import type { IdpToken, ScriptedSource } from '@unexpired/testing'
import type { Pattern } from './settings.ts'

/** What one tab's client stands on. */
export interface ClientContext {
  readonly source: ScriptedSource
  readonly runtime: Runtime
  readonly coordinator: Coordinator | undefined
  /** Empties the store, whatever is in it. */
  forget(): void
}

/** Sends with this token and gives the status. */
export type Send = (token: string | undefined, isReplay: boolean) => Promise<number>

/** Sends one request as a client of this pattern does, and gives the last status. */
export type Client = (send: Send) => Promise<number>

const api = 'https://api.example.com'
const bufferMs = 5 * 60_000

const unexpired = ({ source, runtime, coordinator }: ClientContext): Client => {
  const policy = createPolicy({ source, origins: [api], runtime, coordinator })
  const url = `${api}/orders`
  return async (send) => {
    const header = await policy.authorize({ url })
    const status = await send(header?.value.replace('Bearer ', ''), false)
    const response = { status, headers: new Headers() }
    const again = await policy.recover({ url, rejected: header, response })
    return again ? send(again.value.replace('Bearer ', ''), true) : status
  }
}

/**
 * A refresh for each that wants one. A refusal clears the store, as it does in Amplify: the loser of a
 * race takes the winner's tokens with it.
 */
const refreshing =
  ({ source, forget }: ClientContext): (() => Promise<IdpToken>) =>
  async () => {
    const { signal } = new AbortController()
    const previous = await source.read()
    try {
      const token = await source.refresh({ reason: 'expired', signal, previous })
      await source.store?.(token, { signal })
      return token
    } catch (error) {
      if (findTokenError(error)?.kind === 'signed-out') forget()
      throw error
    }
  }

const refusalOnly = (context: ClientContext): Client => {
  const { source } = context
  const refresh = refreshing(context)
  return async (send) => {
    const status = await send((await source.read())?.value, false)
    return status === 401 ? send((await refresh()).value, true) : status
  }
}

/** The interceptor of most tutorials: refresh within five minutes of the end, and after a 401. */
const widespread = (context: ClientContext): Client => {
  const { source, runtime } = context
  const refresh = refreshing(context)
  return async (send) => {
    let token = await source.read()
    if (token && token.expiresAt - runtime.now() < bufferMs) token = await refresh()
    const status = await send(token?.value, false)
    return status === 401 ? send((await refresh()).value, true) : status
  }
}

/** How each pattern makes its client. */
export const clients: Readonly<Record<Pattern, (context: ClientContext) => Client>> = {
  unexpired,
  widespread,
  'refusal-only': refusalOnly,
}
