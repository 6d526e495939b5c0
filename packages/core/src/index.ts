export { createPolicy } from './policy.ts'
export type { Policy, RecheckHints, RefreshOptions } from './policy.ts'
export type { PolicyOptions } from './options.ts'
export type { PolicyEvent, PolicySnapshot, PolicyStatus } from './snapshot.ts'
export { sharePolicy } from './share.ts'
export { jwtToken } from './token.ts'
export type { AccessToken } from './token.ts'
export { TokenError, findTokenError, isTokenError } from './errors.ts'
export type { ErrorSummary, TokenErrorCode, TokenErrorKind, TokenErrorOptions } from './errors.ts'
export { retryAfter } from './retry.ts'
export type { RefreshContext, RefreshReason, TokenSource } from './source.ts'
export type { Coordinator, JobContext, News, Turn } from './coordinator.ts'
export type {
  Answer,
  AnsweredRequest,
  AuthHeader,
  Authorizer,
  OutgoingRequest,
} from './authorize.ts'
export { platform } from './runtime.ts'
export type { Runtime } from './runtime.ts'
