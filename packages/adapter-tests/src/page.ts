import { createPolicy, type Policy, type PolicyOptions } from '@unexpired/core'
import { inject, onTestFinished } from 'vitest'
import type { Servers } from './servers.ts'

/** The addresses of what runs in Node for these tests. */
export const servers: Servers = inject('servers')

const { api, apiOfXToken, token } = servers

interface Grant {
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
}

const grant = async (
  path: string,
  form: Record<string, string>,
): Promise<{ value: string; refreshToken: string; expiresAt: number }> => {
  const answer = await fetch(token + path, { method: 'POST', body: new URLSearchParams(form) })
  const { access_token, refresh_token, expires_in } = (await answer.json()) as Grant
  const expiresAt = Date.now() + expires_in * 1_000
  return { value: access_token, refreshToken: refresh_token, expiresAt }
}

/** A policy for alice on this page, whose first token is good, refused by the API, or ended. */
export const alice = async (
  first: 'good' | 'refused' | 'ended',
  options: Pick<PolicyOptions, 'headerName' | 'scheme'> = {},
): Promise<{ policy: Policy; refreshes: () => number }> => {
  let stored = await grant('/sign-in', { user: 'alice' })
  let refreshes = 0
  if (first === 'refused') stored = { ...stored, value: 'unknown-token' }
  if (first === 'ended') stored = { ...stored, expiresAt: Date.now() - 1 }
  const policy = createPolicy({
    origins: [api, apiOfXToken],
    source: {
      name: 'token-endpoint',
      read: () => stored,
      refresh: ({ previous }) => {
        refreshes++
        const refresh_token = previous?.refreshToken ?? ''
        return grant('/token', { grant_type: 'refresh_token', refresh_token })
      },
      store: (next) => void (stored = next),
    },
    ...options,
  })
  onTestFinished(() => policy.dispose())
  return { policy, refreshes: () => refreshes }
}

/** A policy that waits for its first token for ever. */
export const nobodyYet = (): { policy: Policy; asked: () => number } => {
  let asked = 0
  const policy = createPolicy({
    origins: [api],
    source: {
      name: 'never-answers',
      read: () => ({ value: 'ended', expiresAt: Date.now() - 1 }),
      refresh: () => (asked++, new Promise<never>(() => {})),
    },
  })
  onTestFinished(() => policy.dispose())
  return { policy, asked: () => asked }
}

/** What a server says it has received. */
export interface Received {
  readonly url: string
  readonly method: string
  readonly user?: string
  readonly bodyText: string
  readonly bodyHash: string
  readonly headers: Readonly<Record<string, string>>
}

let marks = 0

/** A word of its own for the addresses of a test. */
export const newMark = (): string => `mark-${Date.now()}-${marks++}`

/** What has arrived at a server with this mark. */
export const arrived = async (server: string, mark: string): Promise<Received[]> => {
  const all = (await (await fetch(`${server}/requests`)).json()) as Received[]
  return all.filter(({ url }) => url.includes(mark))
}

/** The address of a redirect to another one. */
export const redirect = (server: string, to: string, status = 302): string =>
  `${server}/redirect?status=${status}&to=${encodeURIComponent(to)}`
