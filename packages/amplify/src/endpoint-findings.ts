import type { Finding, FindingCode } from './finding.ts'
import { explain } from './outcome.ts'

/** What of Amplify's configuration names a user pool and where it is. */
export interface UserPoolConfig {
  readonly userPoolId: string
  readonly userPoolClientId: string
  readonly userPoolEndpoint?: string
}

const isBrowser = (): boolean => 'document' in globalThis || 'WorkerGlobalScope' in globalThis

/** Whether somebody has put another fetch in the place of the browser's. Other platforms write theirs in JavaScript. */
export const fetchFindings = (): Finding[] =>
  !isBrowser() || /\[native code\]/.test(Function.prototype.toString.call(globalThis.fetch))
    ? []
    : [
        {
          severity: 'warning',
          code: 'fetch-replaced',
          message:
            "The global fetch is not the browser's own. If refreshes fail, find who replaces it, and let it return the untouched Response.",
        },
      ]

const finding = (code: FindingCode, message: string): Finding[] => [
  { severity: 'error', code, message },
]

/** What the endpoint makes of a refresh token that nobody has. A refusal of that token is what is wanted. */
const judge = async (response: Response): Promise<Finding[]> => {
  let failure: unknown
  try {
    const { __type: type, message } = (await response.json()) as {
      __type?: string
      message?: string
    }
    const name = (response.headers.get('x-amzn-errortype') ?? type ?? '').split(/[:,]/)[0]
    failure = {
      name: name?.split('#').at(-1),
      message,
      metadata: { httpStatusCode: response.status },
    }
  } catch (error) {
    failure = error
  }
  const { code, kind, message } = explain(failure)
  if (kind === 'signed-out' && !response.ok) return []
  return [{ severity: kind === 'misconfigured' ? 'error' : 'warning', code, message }]
}

/** Asks the user pool's endpoint as a refresh would, with a refresh token that nobody has. */
export const endpointFindings = async (
  { userPoolId, userPoolClientId, userPoolEndpoint }: UserPoolConfig,
  timeoutMs: number,
): Promise<Finding[]> => {
  const region = userPoolId.replace(/_.*/, '')
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  const endpoint = userPoolEndpoint ?? `https://cognito-idp.${region}.${domain}/`
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    return await judge(
      await fetch(endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': 'AWSCognitoIdentityProviderService.GetTokensFromRefreshToken',
        },
        body: JSON.stringify({ ClientId: userPoolClientId, RefreshToken: 'unexpired-diagnose' }),
        signal,
      }),
    )
  } catch {
    // Told apart below: a browser says the same of everything.
  }
  const host = new URL(endpoint).host
  if (signal.aborted) {
    return finding(
      'timeout',
      `${host} gave no answer within ${timeoutMs} ms. Check userPoolEndpoint and proxies.`,
    )
  }
  // Node's navigator does not know.
  const { onLine } = globalThis.navigator as { onLine?: boolean }
  if (onLine === false) {
    return finding('offline', 'This machine is offline. Connect it, and diagnose again.')
  }
  const answers =
    isBrowser() &&
    (await fetch(endpoint, { mode: 'no-cors', signal }).then(
      () => true,
      () => false,
    ))
  return answers
    ? finding(
        'cors',
        `${host} answers, but lets this page not read it (CORS). Check userPoolEndpoint and what proxies do to its headers.`,
      )
    : finding(
        'offline',
        `${host} could not be reached. Check userPoolEndpoint, the region, the network, and connect-src of the page's CSP.`,
      )
}
