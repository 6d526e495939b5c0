import { withAuth } from '@unexpired/fetch'
import { cookies } from 'next/headers'
import { auth } from '@/lib/auth'
import { fetchOrder } from '@/lib/orders'

export const GET = async () =>
  Response.json(await fetchOrder(withAuth(fetch, await auth.policy({ cookies }))))
