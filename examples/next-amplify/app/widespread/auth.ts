import { createServerRunner } from '@aws-amplify/adapter-nextjs'
import { fetchAuthSession } from 'aws-amplify/auth/server'
import { cookies } from 'next/headers'
import { apiUrl, config } from '@/lib/config'
import type { Order, Outcome } from '@/lib/orders'

const { runWithAmplifyServerContext } = createServerRunner({ config })

/** The way that most apps have it: whatever the session gives is sent. */
export const fetchOrder = async (method = 'GET'): Promise<Outcome> => {
  try {
    const { tokens } = await runWithAmplifyServerContext({
      nextServerContext: { cookies },
      operation: (context) => fetchAuthSession(context),
    })
    if (!tokens) return { ok: false, kind: 'signed-out', text: 'Signed out.' }
    const response = await fetch(`${apiUrl}/orders`, {
      method,
      cache: 'no-store',
      headers: { authorization: `Bearer ${tokens.accessToken.toString()}` },
    })
    if (!response.ok) return { ok: false, kind: 'failed', text: `HTTP ${response.status}` }
    return { ok: true, order: (await response.json()) as Order }
  } catch (error) {
    return { ok: false, kind: 'failed', text: (error as Error).name }
  }
}
