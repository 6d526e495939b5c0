import { TokenError, type TokenErrorCode, type TokenErrorKind } from '@unexpired/core'

/** What the page of a code says. */
interface Explanation {
  /** What happened, as one sentence. */
  readonly happened: string
  /** Where it comes from, the most frequent first. */
  readonly causes: readonly string[]
  /** What the developer does. */
  readonly remedy: string
}

const explanations: Readonly<Record<TokenErrorCode, Explanation>> = {
  offline: {
    happened: 'The identity provider could not be reached.',
    causes: [
      'The device has no network.',
      'The name of the endpoint does not resolve, or the connection was reset.',
      'A proxy answers without CORS headers: a page cannot tell that from no network.',
    ],
    remedy:
      'Nothing, for a passing outage: tokens are kept, and the next try follows the pause. If it happens with the network up, open the network panel and look at the refresh request; a missing answer to its preflight is a CORS problem.',
  },
  timeout: {
    happened: 'No answer came within `refreshTimeoutMs`, 10 seconds by default.',
    causes: [
      'The identity provider or a proxy hangs.',
      '`read` or `refresh` of the token source never settles.',
    ],
    remedy:
      'Pass the `signal` that `refresh` is given on to `fetch`. Raise `refreshTimeoutMs` only where the endpoint is slow and answers.',
  },
  throttled: {
    happened: 'The identity provider wants fewer requests.',
    causes: [
      'A 429, or a throttling error of Cognito.',
      'A web ACL in front of it refuses (`ForbiddenException`).',
      'Another client of the same pool refreshes too often.',
    ],
    remedy:
      'Wait until `error.retryAt`; the policy does so by itself. Then look for who asks so often: a second refresh path beside the policy is the usual one.',
  },
  'server-error': {
    happened: 'The identity provider answered 5xx, or a hook of yours in it failed.',
    causes: ['An outage.', 'A Lambda trigger of the user pool throws.'],
    remedy:
      'Wait: requests go on for as long as the token is good. If it lasts, read the logs of the provider and of its triggers.',
  },
  'bad-answer': {
    happened: 'The answer could not be used.',
    causes: [
      'A proxy, a firewall or a captive portal answered with HTML.',
      'The token in the answer has ended already.',
      'The endpoint answers in another form than the source expects.',
    ],
    remedy:
      'Look at the body of the refresh answer in the network panel. It counts as passing, since proxies recover; tokens are kept.',
  },
  'not-newer': {
    happened: 'The refresh succeeded and gave no newer token.',
    causes: [
      'A cache stands between the page and the token endpoint.',
      'The source gives back the stored token instead of refreshing.',
      'The endpoint hands out the old token until it has ended.',
    ],
    remedy:
      "Answer refreshes with `Cache-Control: no-store`, and send them with `cache: 'no-store'`.",
  },
  'refresh-failed': {
    happened: 'The token source failed in a way that it does not explain.',
    causes: ['`refresh` of your source rejects with an error of its own.'],
    remedy:
      'Reject with a `TokenError` and the code that fits; `error.cause` holds name and message of the original. Unexplained failures count as passing.',
  },
  'signed-out': {
    happened: 'Nobody is signed in.',
    causes: ['The user has signed out, here or in another tab.', 'The store is empty.'],
    remedy: 'Show the sign-in page.',
  },
  'session-expired': {
    happened: 'The refresh token is too old, or is no longer accepted.',
    causes: [
      'The user was away for longer than the session lasts.',
      'The provider does not say why it refuses: Cognito gives one error for most cases.',
    ],
    remedy: 'Show the sign-in page, and bring the user back to where they were.',
  },
  'session-revoked': {
    happened: 'The session was ended from elsewhere.',
    causes: ['A sign-out on all devices.', 'An administrator.', 'A change of password.'],
    remedy: 'Show the sign-in page.',
  },
  'token-reused': {
    happened: 'A refresh token was spent twice, and the provider ended the session.',
    causes: [
      'Something refreshes beside the policy: a second copy of the provider’s SDK, an old interceptor, another tab without a coordinator.',
      'The answer to a refresh was lost after the provider had spent the token.',
      'Somebody stole the refresh token.',
    ],
    remedy:
      'Use [`acrossTabs`](/guides/many-tabs), give all refreshes one way, and give the provider a grace period of some seconds.',
  },
  'account-blocked': {
    happened: 'The account is gone, disabled, unconfirmed, or must set a new password.',
    causes: ['An administrator changed the account while the user was signed in.'],
    remedy: 'Show the sign-in page: signing in again tells the user what is wanted of them.',
  },
  'user-changed': {
    happened: 'Another user signed in while the request waited.',
    causes: ['Somebody signed in as somebody else in this page or in another tab.'],
    remedy:
      'Drop the request: it was composed for somebody else, and was not sent. Load the page for the new user.',
  },
  'wrong-client': {
    happened: 'The provider does not know the client or the user pool.',
    causes: [
      'The client id and the pool are of different environments.',
      'The id of an identity pool stands in the place of the user pool.',
      'The app client has a secret, which a page cannot keep.',
    ],
    remedy:
      'Compare the ids with the console. With Amplify, [`diagnose()`](/guides/amplify#when-it-does-not-work) names the wrong one.',
  },
  cors: {
    happened: 'The browser was not allowed to read the answer.',
    causes: ['The token endpoint does not allow this origin, or not with credentials.'],
    remedy:
      'Allow the origin of the page at the endpoint, also in the answers of proxies. See [troubleshooting](/troubleshooting#cors-error-on-refresh).',
  },
  'fetch-replaced': {
    happened: 'The global `fetch` is not the platform’s, and breaks the refresh.',
    causes: [
      'A tracing, mocking or session-replay script has replaced it and changes the request.',
    ],
    remedy:
      'Find it: `fetch.toString()` shows native code or the name of the culprit. Exclude the identity provider there.',
  },
  unsupported: {
    happened: 'The provider does not know the operation.',
    causes: [
      'There is no refresh token, as with the implicit flow.',
      'A Cognito emulator that does not know `GetTokensFromRefreshToken`.',
    ],
    remedy:
      'Use the code flow with PKCE. For development, use [@unexpired/cognito-emulator](https://www.npmjs.com/package/@unexpired/cognito-emulator).',
  },
  'bad-token': {
    happened: 'The source gave something that is no usable token.',
    causes: [
      'The value holds a line break, a space or another character that no header can carry.',
      '`expiresAt` is missing, or is in seconds where milliseconds are wanted.',
      '`jwtToken` was given an opaque token.',
    ],
    remedy: 'Give `{ value, expiresAt }`, with `expiresAt` in epoch milliseconds.',
  },
  'source-failed': {
    happened: 'The source could not read or keep its tokens.',
    causes: [
      'Storage is blocked or full.',
      'Amplify is not configured yet: `Amplify.configure` runs later than the first request.',
    ],
    remedy: '`error.cause` says what failed. Configure before the first request.',
  },
  'read-only': {
    happened: 'A refresh was needed where its tokens could not be kept, and none was made.',
    causes: ['A React server component: it cannot set cookies.'],
    remedy: 'Refresh in `proxy.ts`, before anything is rendered: see [Next.js](/guides/nextjs).',
  },
  redirected: {
    happened: 'A redirect would have carried a token header of another name elsewhere.',
    causes: [
      '`headerName` is not `authorization`, and the API redirects to another origin. No platform strips such a header.',
    ],
    remedy: 'Call the final address, or send the token as `authorization`.',
  },
  disposed: {
    happened: 'The policy was disposed.',
    causes: ['`policy.dispose()` ran while a request waited, or a client outlived its policy.'],
    remedy: 'Create one policy for each session and keep it. Make a new one after `dispose`.',
  },
}

/** What an app does, by kind. */
export const actions: Readonly<Record<TokenErrorKind, string>> = {
  offline: 'Wait: it heals by itself.',
  transient: 'Try again later: `error.retryAt` says when, where that is known.',
  'signed-out': 'Show the sign-in page.',
  misconfigured: 'Mend the set-up. Tokens are kept.',
}

/** A code with all that its page says. */
export interface ErrorCode extends Explanation {
  readonly code: TokenErrorCode
  readonly kind: TokenErrorKind
}

/** Every code of core, in the order of core's own table. */
export const errorCodes: readonly ErrorCode[] = (
  Object.entries(explanations) as [TokenErrorCode, Explanation][]
).map(([code, explanation]) => ({ code, kind: new TokenError(code, '').kind, ...explanation }))
