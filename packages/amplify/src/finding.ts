import type { TokenErrorCode } from '@unexpired/core'

/**
 * What a finding is about.
 *
 * | code | what is wrong |
 * |---|---|
 * | `not-configured` | no user pool, or no app client, in the configuration |
 * | `user-pool-id` | `userPoolId` is not one |
 * | `client-id` | `userPoolClientId` is not one |
 * | `endpoint` | `userPoolEndpoint` is no URL |
 * | `region` | the endpoint or the OAuth domain is in another region than the pool |
 * | `oauth-domain` | the OAuth domain is an address and not a bare name |
 * | `response-type` | OAuth without `responseType: 'code'`: there is no refresh token |
 * | `provider` | Amplify's own calls refresh beside the policy |
 *
 * Every other code is that of the `TokenError` which a refresh would end with: `fetch-replaced`,
 * `cors`, `offline`, `timeout`, `wrong-client`, `unsupported`, `bad-answer`, `throttled`, `server-error`.
 */
export type FindingCode =
  | 'not-configured'
  | 'user-pool-id'
  | 'client-id'
  | 'endpoint'
  | 'region'
  | 'oauth-domain'
  | 'response-type'
  | 'provider'
  | TokenErrorCode

/** One thing that is wrong, or may be. A plain object: `console.table` shows a list of them well. */
export interface Finding {
  /** `error`: refreshes fail. `warning`: they may, or something is done twice. */
  readonly severity: 'error' | 'warning'
  /** What it is about; stable, for tests and for looking up. */
  readonly code: FindingCode
  /** One sentence that says what is wrong and one that says what to do. */
  readonly message: string
}

/** The findings as text, a line each, for a terminal or an issue. */
export const formatFindings = (findings: readonly Finding[]): string =>
  findings.map(({ severity, code, message }) => `${severity} ${code}: ${message}`).join('\n') ||
  'Nothing is wrong with the set-up.'
