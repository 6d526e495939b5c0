export { withAuth } from './with-auth.ts'
export type { AuthorizedFetch, FetchAuthOptions, TokenAuthOption } from './with-auth.ts'
export type { FetchLike } from './fetch-like.ts'
