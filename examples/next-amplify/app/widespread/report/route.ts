import { fetchOrder } from '../auth'

export const GET = async () => Response.json(await fetchOrder())
