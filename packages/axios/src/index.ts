export { withAuth, withoutAuth } from './attach.ts'
export type { AxiosLike } from './attach.ts'
export type { TokenAuthOption } from './token-auth-option.ts'
