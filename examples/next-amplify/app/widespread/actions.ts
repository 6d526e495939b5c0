'use server'

import type { Outcome } from '@/lib/orders'
import { fetchOrder } from './auth'

export const placeOrder = async (): Promise<Outcome> => fetchOrder('POST')
