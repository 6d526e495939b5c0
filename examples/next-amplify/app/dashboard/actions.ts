'use server'

import { withAuth } from '@unexpired/fetch'
import { cookies } from 'next/headers'
import { auth } from '@/lib/auth'
import { fetchOrder, type Outcome } from '@/lib/orders'

export const placeOrder = async (): Promise<Outcome> =>
  fetchOrder(withAuth(fetch, await auth.policy({ cookies })), 'POST')
