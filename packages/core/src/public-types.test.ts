import { describe, expectTypeOf, test } from 'vitest'
import {
  createPolicy,
  findTokenError,
  isTokenError,
  jwtToken,
  platform,
  retryAfter,
  sharePolicy,
  TokenError,
} from './index.ts'
import type {
  AccessToken,
  Answer,
  AnsweredRequest,
  AuthHeader,
  Authorizer,
  Coordinator,
  ErrorSummary,
  JobContext,
  News,
  OutgoingRequest,
  Policy,
  PolicyEvent,
  PolicyOptions,
  PolicySnapshot,
  PolicyStatus,
  RecheckHints,
  RefreshContext,
  RefreshOptions,
  RefreshReason,
  Runtime,
  TokenErrorCode,
  TokenErrorKind,
  TokenErrorOptions,
  TokenSource,
  Turn,
} from './index.ts'

interface WithRefreshToken extends AccessToken {
  readonly refreshToken: string
}

describe('what an app writes', () => {
  test('createPolicy takes a source of any kind of token, and infers it', () => {
    expectTypeOf(createPolicy<WithRefreshToken>)
      .parameter(0)
      .toEqualTypeOf<PolicyOptions<WithRefreshToken>>()
    expectTypeOf(createPolicy).returns.toEqualTypeOf<Policy>()
    expectTypeOf<{ source: TokenSource; origins: string[] }>().toExtend<PolicyOptions>()
    expectTypeOf<{ source: TokenSource }>().not.toExtend<PolicyOptions>()
    expectTypeOf<{ origins: string[] }>().not.toExtend<PolicyOptions>()
    expectTypeOf<PolicyOptions['whenSignedOut']>().toEqualTypeOf<'send' | 'refuse' | undefined>()
  })

  test('a token is there at once or later, and holds no more than an access token', () => {
    expectTypeOf<Policy['token']>().returns.toEqualTypeOf<AccessToken | Promise<AccessToken>>()
    expectTypeOf<Policy['refresh']>().returns.toEqualTypeOf<Promise<AccessToken>>()
    expectTypeOf<Policy['refresh']>().parameter(0).toEqualTypeOf<RefreshOptions | undefined>()
    expectTypeOf<AccessToken>().toEqualTypeOf<{
      readonly value: string
      readonly expiresAt: number
      readonly issuedAt?: number | undefined
      readonly identity?: string | undefined
      readonly skewMs?: number | undefined
    }>()
    expectTypeOf(jwtToken).toEqualTypeOf<(value: string) => AccessToken>()
  })

  test('snapshot and subscribe have the shape that useSyncExternalStore wants', () => {
    expectTypeOf<Policy['snapshot']>().toEqualTypeOf<() => PolicySnapshot>()
    expectTypeOf<Policy['subscribe']>().toExtend<(onStoreChange: () => void) => () => void>()
    expectTypeOf<PolicySnapshot['status']>().toEqualTypeOf<PolicyStatus>()
    expectTypeOf<PolicyEvent['type']>().toEqualTypeOf<
      'refresh' | 'session' | 'status' | 'notice' | 'disposed'
    >()
    expectTypeOf<
      Extract<PolicyEvent, { type: 'refresh' }>['reason']
    >().toEqualTypeOf<RefreshReason>()
    expectTypeOf<Policy['recheck']>().parameter(0).toEqualTypeOf<RecheckHints | undefined>()
  })

  test('errors are found in anything', () => {
    expectTypeOf(findTokenError).toEqualTypeOf<(error: unknown) => TokenError | undefined>()
    expectTypeOf(isTokenError).toEqualTypeOf<(error: unknown) => boolean>()
    expectTypeOf<TokenError>().toExtend<Error>()
    expectTypeOf<TokenError['code']>().toEqualTypeOf<TokenErrorCode>()
    expectTypeOf<TokenError['kind']>().toEqualTypeOf<TokenErrorKind>()
    expectTypeOf<TokenError['cause']>().toEqualTypeOf<ErrorSummary | undefined>()
    expectTypeOf(TokenError).toBeConstructibleWith('timeout', 'It took too long. Wait.')
    expectTypeOf(TokenError).toBeConstructibleWith('timeout', 'It took too long. Wait.', {
      cause: new Error('x'),
      retryAt: undefined,
    } satisfies TokenErrorOptions)
    expectTypeOf<TokenErrorKind>().toEqualTypeOf<
      'offline' | 'transient' | 'signed-out' | 'misconfigured'
    >()
  })

  test('one policy is shared by its name', () => {
    expectTypeOf(sharePolicy).toEqualTypeOf<(name: string, create: () => Policy) => Policy>()
  })
})

describe('what a source writes', () => {
  test('it gets back what it gave, with whatever it keeps beside the access token', () => {
    expectTypeOf<TokenSource<WithRefreshToken>['refresh']>()
      .parameter(0)
      .toEqualTypeOf<RefreshContext<WithRefreshToken>>()
    expectTypeOf<RefreshContext<WithRefreshToken>['previous']>().toEqualTypeOf<
      WithRefreshToken | undefined
    >()
    expectTypeOf<NonNullable<TokenSource<WithRefreshToken>['store']>>()
      .parameter(0)
      .toEqualTypeOf<WithRefreshToken>()
  })

  test('name, read and refresh are all that it must have', () => {
    expectTypeOf<Pick<TokenSource, 'name' | 'read' | 'refresh'>>().toExtend<TokenSource>()
    expectTypeOf<Pick<TokenSource, 'name' | 'read'>>().not.toExtend<TokenSource>()
    expectTypeOf<Pick<TokenSource, 'read' | 'refresh'>>().not.toExtend<TokenSource>()
  })

  test('retryAfter takes what Headers gives', () => {
    expectTypeOf(retryAfter).toBeCallableWith(new Headers().get('retry-after'), 0)
    expectTypeOf(retryAfter).returns.toEqualTypeOf<number | undefined>()
  })
})

describe('what an adapter, a coordinator and a runtime stand on', () => {
  test('a policy is an authorizer, and a Response is an answer', () => {
    expectTypeOf<Policy>().toExtend<Authorizer>()
    expectTypeOf<Response>().toExtend<Answer>()
    expectTypeOf<Authorizer['authorize']>().parameter(0).toEqualTypeOf<OutgoingRequest>()
    expectTypeOf<Authorizer['authorize']>().returns.toEqualTypeOf<
      AuthHeader | undefined | Promise<AuthHeader | undefined>
    >()
    expectTypeOf<Authorizer['recover']>().parameter(0).toEqualTypeOf<AnsweredRequest>()
  })

  test('a header says its name and its value, and nothing of the token', () => {
    expectTypeOf<AuthHeader>().toEqualTypeOf<{ readonly name: string; readonly value: string }>()
  })

  test('a coordinator gives back what the job gives', () => {
    expectTypeOf<Coordinator['exclusive']>().toEqualTypeOf<
      <R>(key: string, job: (turn: Turn) => Promise<R>, context: JobContext) => Promise<R>
    >()
    expectTypeOf<News['kind']>().toEqualTypeOf<'refreshed' | 'failed' | 'changed' | 'notice'>()
  })

  test('the platform is a runtime', () => {
    expectTypeOf(platform).toEqualTypeOf<Runtime>()
  })
})
