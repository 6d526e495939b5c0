import { jwtToken, retryAfter, TokenError } from '@unexpired/core'
import type { AccessToken, TokenSource } from '@unexpired/core'
import type { IdpToken } from '@unexpired/testing'
import { simulate, type SourceContext } from '@unexpired/testing/simulator'
import { expect, test } from 'vitest'

interface MyToken extends AccessToken {
  readonly refreshToken: string
}

// The source that is to be tried; in an app it has a file of its own, and takes `fetch` and the
// storage as arguments.
const oauthTokens = ({ fetch, scripted, runtime }: SourceContext): TokenSource<MyToken> => ({
  name: 'my-oauth',
  read: scripted.read,
  store: scripted.store,
  clear: scripted.clear,
  ...(scripted.subscribe && { subscribe: scripted.subscribe }),
  async refresh({ previous, signal }) {
    const old = previous!
    const form = { grant_type: 'refresh_token', refresh_token: old.refreshToken }
    const answer = await fetch('https://login.example.com/token', {
      method: 'POST',
      body: new URLSearchParams(form),
      signal,
    })
    if (answer.status === 400)
      throw new TokenError('session-expired', 'The session has ended. Sign in again.')
    if (answer.status === 429) {
      throw new TokenError('throttled', 'Too many refreshes. Try again later.', {
        retryAt: retryAfter(answer.headers.get('retry-after'), runtime.now()),
      })
    }
    if (!answer.ok) throw new TokenError('server-error', 'The login failed. Try again later.')
    const { access_token, refresh_token } = await answer.json()
    return { ...old, ...jwtToken(access_token), refreshToken: refresh_token }
  },
})

test('our token source breaks no rule, whatever happens', async () => {
  const { failure } = await simulate({ runs: 200, seed: 1, source: oauthTokens })
  expect(failure?.text).toBe(undefined)
})

test('a source that stores what it has refreshed by itself signs people back in', async () => {
  const eager = (context: SourceContext): TokenSource<MyToken> => {
    const { store: _, ...source } = oauthTokens(context)
    const refresh: (typeof source)['refresh'] = async (asked) => {
      const token = await source.refresh(asked)
      await context.scripted.store(token as IdpToken, { signal: new AbortController().signal })
      return token
    }
    return { ...source, refresh }
  }
  const { failure } = await simulate({ runs: 500, seed: 1, source: eager })
  expect(failure?.violations.join()).toContain('rule 6')
})
