import { acrossTabs, browserSignals } from '@unexpired/browser'
import { createPolicy, findTokenError, jwtToken, type AccessToken } from '@unexpired/core'

/** A token that is kept in memory, with what the next one is had for. */
export interface MemoryToken extends AccessToken {
  readonly refreshToken: string
}

/** How a page or a worker keeps its session. */
export interface MemoryConfig {
  readonly endpoint: string
  readonly first: MemoryToken
  readonly shareTokens: boolean
  readonly name?: string
}

/** Asks for a token; gives its end, or the code of the error. */
export type Ask = () => Promise<string>

/** A session that lives in this page or worker alone, and in no storage. */
export const openSession = ({
  endpoint,
  first,
  shareTokens,
  name = 'memory',
}: MemoryConfig): Ask => {
  let held = first
  const policy = createPolicy<MemoryToken>({
    source: {
      name,
      read: () => held,
      store: (token) => {
        held = token
      },
      async refresh({ previous, signal }) {
        const { refreshToken } = previous ?? held
        const body = new URLSearchParams({
          grant_type: 'refresh_token',
          refresh_token: refreshToken,
        })
        const response = await fetch(endpoint, { method: 'POST', body, signal })
        const answer = (await response.json()) as { access_token: string; refresh_token: string }
        if (!response.ok) throw new Error(JSON.stringify(answer))
        return { ...jwtToken(answer.access_token), refreshToken: answer.refresh_token }
      },
    },
    origins: ['https://api.example.com'],
    coordinator: acrossTabs({ shareTokens }),
    refreshTimeoutMs: 5_000,
  })
  browserSignals(policy)
  return async () => {
    try {
      return (await policy.token()).value.slice(-12)
    } catch (error) {
      return findTokenError(error)?.code ?? String(error)
    }
  }
}
