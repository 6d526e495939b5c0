export { graphqlRefusal } from './refusal.ts'
export type { GraphqlRefusalOptions } from './refusal.ts'
export { withAuth } from './with-auth.ts'
export type { FetchingClient } from './with-auth.ts'
