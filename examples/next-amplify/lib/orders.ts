import type { AuthorizedFetch } from '@unexpired/fetch'
import { apiUrl } from './config'
import { inWords } from './in-words'

export interface Order {
  readonly user: string
  readonly number: number
}

export type Outcome =
  | { readonly ok: true; readonly order: Order }
  | { readonly ok: false; readonly kind: string; readonly text: string }

/** An order from the API, or why there is none, in words; a redirect to the sign-in page is the caller's. */
export const fetchOrder = async (fetch: AuthorizedFetch, method = 'GET'): Promise<Outcome> => {
  try {
    const response = await fetch(`${apiUrl}/orders`, { method, cache: 'no-store' })
    if (response.status === 401)
      return { ok: false, kind: 'signed-out', text: 'Please sign in again.' }
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    return { ok: true, order: (await response.json()) as Order }
  } catch (error) {
    return { ok: false, ...inWords(error) }
  }
}
