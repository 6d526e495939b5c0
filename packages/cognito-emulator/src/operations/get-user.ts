import { authorizedUser } from './authorized-user.ts'
import type { Operation } from './context.ts'

export const getUser: Operation = async (body, context) => {
  const { name, sub, email, attributes } = await authorizedUser(body, context)
  const all = { sub, email, email_verified: 'true', ...attributes }
  return {
    Username: name,
    UserAttributes: Object.entries(all).map(([Name, Value]) => ({ Name, Value })),
  }
}
