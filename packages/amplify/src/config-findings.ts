import type { ResourcesConfig } from 'aws-amplify'
import type { Finding } from './finding.ts'

/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolType.html */
const poolId = /^([a-z]{2,}(?:-[a-z]+)+-\d+)_[0-9A-Za-z]{1,55}$/
const hostOfCognito = /(?:^cognito-idp(?:-fips)?|\.auth(?:-fips)?)\.([a-z0-9-]+)\.amazon/

const error = (code: Finding['code'], message: string): Finding => ({
  severity: 'error',
  code,
  message,
})

const hostOf = (url: string): string | undefined => {
  try {
    return new URL(url).hostname
  } catch {
    return undefined
  }
}

const lookalike = (id: string): string =>
  id.startsWith('arn:')
    ? ' It is an ARN.'
    : /^[a-z0-9-]+:[0-9a-f-]{36}$/.test(id)
      ? ' It is the id of an identity pool.'
      : ''

/** What is wrong in the configuration itself; looks at nothing else. */
export const configFindings = ({ Auth }: ResourcesConfig): Finding[] => {
  const { userPoolId, userPoolClientId, userPoolEndpoint, loginWith } = Auth?.Cognito ?? {}
  if (!userPoolId || !userPoolClientId) {
    const missing = userPoolId ? 'app client' : 'user pool'
    return [
      error(
        'not-configured',
        `Amplify has no ${missing}. Call Amplify.configure() with Auth.Cognito.userPoolId and userPoolClientId.`,
      ),
    ]
  }
  const findings: Finding[] = []
  const [, region] = poolId.exec(userPoolId) ?? []
  if (!region) {
    findings.push(
      error(
        'user-pool-id',
        `userPoolId is ${userPoolId}, not a region, an underscore, letters and digits.${lookalike(userPoolId)} Copy it from the overview of the user pool.`,
      ),
    )
  }
  if (!/^[\w+]{1,128}$/.test(userPoolClientId)) {
    findings.push(
      error(
        'client-id',
        `userPoolClientId is ${userPoolClientId}, which has signs that no client id has.${lookalike(userPoolClientId)} Copy it from the app clients of the user pool.`,
      ),
    )
  } else if (!/^[a-z0-9]{26}$/.test(userPoolClientId)) {
    findings.push({
      severity: 'warning',
      code: 'client-id',
      message: `userPoolClientId is ${userPoolClientId}; Cognito's have 26 small letters and digits. Compare it with the app clients of the user pool.`,
    })
  }

  const inRegion = (name: string, host: string): void => {
    const [, found] = hostOfCognito.exec(host) ?? []
    if (region && found && found !== region) {
      findings.push(
        error(
          'region',
          `${name} is in ${found}, the user pool in ${region}. Use the same region for both.`,
        ),
      )
    }
  }
  if (userPoolEndpoint) {
    const host = hostOf(userPoolEndpoint)
    if (host) inRegion('userPoolEndpoint', host)
    else
      findings.push(
        error('endpoint', 'userPoolEndpoint is no URL. Write it with https:// in front.'),
      )
  }
  const oauth = loginWith?.oauth
  if (oauth) {
    const { domain, responseType } = oauth
    inRegion('loginWith.oauth.domain', domain)
    if (!domain || domain.includes('/')) {
      findings.push(
        error(
          'oauth-domain',
          'loginWith.oauth.domain is no bare name. Write it without https:// and path.',
        ),
      )
    }
    if (responseType !== 'code') {
      findings.push(
        error(
          'response-type',
          `loginWith.oauth.responseType is ${responseType}, which gives no refresh token. Set it to 'code'.`,
        ),
      )
    }
  }
  return findings
}
