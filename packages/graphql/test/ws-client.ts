import type { Policy } from '@unexpired/core'
import * as newest from 'graphql-ws'
import * as oldest from 'graphql-ws-5'
import { expect, onTestFinished, vi } from 'vitest'
import { WebSocket } from 'ws'
import { withAuth, type WsAuthOptions } from '../src/ws/with-auth.ts'
import { createTestSession, type TestSession, type TestSessionOptions } from './session.ts'
import { serveWs, type WsServer, type WsServerOptions } from './ws-server.ts'

type CreateClient = typeof newest.createClient

/** The two ends of the range of graphql-ws that is supported, and the two kinds of WebSocket. */
export const versions: readonly (readonly [string, CreateClient])[] = [
  ['the newest graphql-ws', newest.createClient],
  ['the oldest supported graphql-ws', oldest.createClient as unknown as CreateClient],
  [
    "the platform's WebSocket",
    (options) => newest.createClient({ ...options, webSocketImpl: globalThis.WebSocket }),
  ],
]

/** One running subscription. */
export interface Subscription {
  readonly values: unknown[]
  /** What it ended with; `undefined` when it was completed. */
  readonly end: Promise<unknown>
  stop(): void
}

export interface Setup {
  readonly server: WsServer
  readonly session: TestSession
  readonly policy: Policy
  readonly client: newest.Client
  subscribe(query?: string): Subscription
  /** Waits until the server has this many subscriptions. */
  subscribed(count?: number): Promise<void>
  /** How many listen to the policy. */
  listeners(): number
  /** The authorization of each `connection_init` so far. */
  tokens(): unknown[]
}

export interface SetupOptions extends WsAuthOptions, WsServerOptions {
  readonly client?: Partial<newest.ClientOptions>
  readonly session?: TestSessionOptions
  readonly policy?: Parameters<TestSession['policyFor']>[1]
  readonly origin?: string
}

/** A server, a session, and a client of graphql-ws that reconnects without delay. */
export const connect = async (
  createClient: CreateClient,
  options: SetupOptions = {},
): Promise<Setup> => {
  const session = createTestSession(options.session)
  const server = await serveWs(session.isAccepted, options)
  onTestFinished(() => server.close())
  const made = session.policyFor(options.origin ?? server.origin, options.policy)
  let listeners = 0
  const policy: Policy = {
    ...made,
    subscribe(listener) {
      listeners++
      const stop = made.subscribe(listener)
      return () => {
        listeners--
        stop()
      }
    },
  }
  const defaults = {
    url: server.url,
    webSocketImpl: WebSocket,
    retryWait: () => new Promise<void>((resolve) => setTimeout(resolve, 1)),
  }
  const client = createClient(withAuth({ ...defaults, ...options.client }, policy, options))
  onTestFinished(async () => {
    // Rejects while a connection is failing.
    await Promise.resolve(client.dispose()).catch(() => {})
  })

  return {
    server,
    session,
    policy,
    client,
    subscribe(query = 'subscription { ticks }') {
      const values: unknown[] = []
      let stop = (): void => {}
      const end = new Promise<unknown>((resolve) => {
        stop = client.subscribe(
          { query },
          {
            next: ({ data }) => values.push(Object.values(data ?? {})[0]),
            error: resolve,
            complete: () => resolve(undefined),
          },
        )
      })
      return { values, end, stop }
    },
    subscribed: (count = 1) =>
      vi.waitFor(() => expect(server.subscribers()).toBe(count), { timeout: 4_000, interval: 5 }),
    listeners: () => listeners,
    tokens: () => server.inits.map((init) => init?.['authorization']),
  }
}
