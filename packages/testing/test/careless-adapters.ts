import { TokenError } from '@unexpired/core'
import type { Policy } from '@unexpired/core'
import type { FetchFunction } from '../src/node/index.ts'

type Adapter = (send: FetchFunction, policy: Policy) => FetchFunction

/** Does nothing at all. */
const absent: Adapter = (send) => send

/**
 * Puts the token everywhere, on every answer above 400 gets another and goes on, drops the body on the
 * way, hears no signal and follows redirects by hand with everything on board.
 */
const eager: Adapter = (send, policy) => async (input, init) => {
  await Promise.resolve()
  let { value } = await policy.token()
  let url = input as string
  for (let left = 6; ; left--) {
    const headers = { ...(init?.headers as object), [policy.headerName]: `Bearer ${value}` }
    const { signal: _, ...rest } = { ...init, ...(left < 6 && { body: null }) }
    const response = await send(url, { ...rest, headers, redirect: 'manual' })
    const location = response.headers.get('location')
    if (location !== null) url = new URL(location, url).href
    else if (response.status < 400 || left === 0) return response
    else ({ value } = await policy.refresh().catch(() => policy.token()))
  }
}

const kept: unknown[] = []

/** Lets go of nothing: clients, signals, timers, answers; and tells everybody everything. */
const clinging: Adapter = (send, policy) => {
  const client: FetchFunction = async (input, init) => {
    kept.push(client)
    init?.signal?.addEventListener('abort', () => kept.push(init))
    const off = policy.subscribe(() => {})
    kept.push(off)
    try {
      const { value } = await policy.token({ signal: init?.signal ?? undefined })
      const headers = new Headers(init?.headers)
      headers.set(policy.headerName, `Bearer ${value}`)
      const url = new URL(input as string)
      url.searchParams.set('token', value)
      const response = await send(url, { ...init, headers })
      kept.push(response)
      if (response.status !== 401) return response
      const next = await policy.refresh()
      headers.set(policy.headerName, `Bearer ${next.value}`)
      const again = await send(input, { ...init, headers })
      if (again.status === 401) throw new TypeError(`The token ${next.value} was refused.`)
      return again
    } catch (error) {
      if (init?.signal?.aborted) throw new TokenError('timeout', 'The caller left.')
      // As clients do that put themselves, or the request, into what they throw.
      const wrapper = new Error('It failed.', { cause: error })
      Object.assign(wrapper, { self: wrapper })
      throw wrapper
    }
  }
  kept.push(client)
  return client
}

export const careless: Readonly<Record<string, Adapter>> = { absent, eager, clinging }
