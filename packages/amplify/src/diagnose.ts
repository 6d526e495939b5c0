import { Amplify, type ResourcesConfig } from 'aws-amplify'
import { fetchAuthSession } from 'aws-amplify/auth'
import { parseAmplifyConfig } from 'aws-amplify/utils'
import { configFindings } from './config-findings.ts'
import { endpointFindings, fetchFindings, type UserPoolConfig } from './endpoint-findings.ts'
import type { Finding } from './finding.ts'
import { probe } from './token-provider.ts'

/** The settings of {@link diagnose}. */
export interface DiagnoseOptions {
  /** How long to wait for the endpoint, ms. Default 5 000. */
  readonly timeoutMs?: number | undefined
}

/**
 * Amplify hands the options of `fetchAuthSession` on to its token provider; ours answers the probe.
 * Any provider, and Amplify itself before it asks the identity pool, stops at `forceRefresh`: nothing
 * goes out.
 */
const providerFindings = async (): Promise<Finding[]> => {
  let isOurs = false
  const options = {
    get forceRefresh(): boolean {
      throw new Error('Only a probe.')
    },
    [probe]: () => {
      isOurs = true
    },
  }
  await fetchAuthSession(options).catch(() => {})
  return isOurs
    ? []
    : [
        {
          severity: 'warning',
          code: 'provider',
          message:
            "Amplify's own calls refresh beside the policy. Pass { Auth: { tokenProvider: amplifyTokenProvider(policy) } } to each Amplify.configure().",
        },
      ]
}

/**
 * Looks at the set-up and says in words what is wrong with it; an empty list when nothing is. For the
 * console, for a start-up check in development, and for issues. Nothing is thrown.
 *
 * It reads the configuration and sends one request to the user pool, with a refresh token that nobody
 * has; no token of anybody is read or sent.
 *
 * @param config - What `Amplify.configure` takes. Default: what Amplify is configured with now, and then
 * it is also looked at whether Amplify asks {@link amplifyTokenProvider}.
 *
 * @example
 * ```ts
 * import { diagnose, formatFindings } from '@unexpired/amplify'
 *
 * console.log(formatFindings(await diagnose()))
 * ```
 */
export const diagnose = async (
  config?: Parameters<typeof Amplify.configure>[0],
  { timeoutMs = 5_000 }: DiagnoseOptions = {},
): Promise<readonly Finding[]> => {
  let resources: ResourcesConfig = {}
  const findings = fetchFindings()
  try {
    resources = config ? parseAmplifyConfig(config) : Amplify.getConfig()
    findings.unshift(...configFindings(resources))
  } catch {
    findings.unshift({
      severity: 'error',
      code: 'not-configured',
      message: 'The configuration cannot be read. Give what Amplify.configure() takes.',
    })
  }
  const codes = findings.map(({ code }) => code)
  if (codes.includes('not-configured')) return findings
  if (!config) findings.push(...(await providerFindings()))
  // Without these it is not known whom to ask.
  if (codes.includes('endpoint') || codes.includes('user-pool-id')) return findings
  return [
    ...findings,
    ...(await endpointFindings(resources.Auth?.Cognito as UserPoolConfig, timeoutMs)),
  ]
}
