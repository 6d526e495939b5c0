export { createServerAuth } from './server-auth.ts'
export type { ServerAuth, ServerAuthOptions } from './server-auth.ts'
export { acrossRequests } from './across-requests.ts'
export type { AcrossRequestsOptions } from './across-requests.ts'
export { refreshThroughServer } from './through-server.ts'
export type { ProxyRequest } from './proxy.ts'
export type { TokenUse } from '../amplify-token.ts'
export type { ServerRunner } from './amplify-runner.ts'
export type {
  CookieOptions,
  CookieStore,
  NextContext,
  PagesRequest,
  PagesResponse,
  WebRequest,
  WebResponse,
} from './request-context.ts'
