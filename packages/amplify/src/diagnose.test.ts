import { Amplify } from 'aws-amplify'
import { cognitoCredentialsProvider, cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  breakRefresh,
  makePolicy,
  pass,
  refreshes,
  signInAs,
  startPool,
} from '../test/emulated-pool.ts'
import { amplifyTokenProvider, diagnose, formatFindings } from './index.ts'

type Config = Parameters<typeof Amplify.configure>[0]

afterEach(() => {
  vi.unstubAllGlobals()
})

const codes = async (config?: Config): Promise<string[]> =>
  (await diagnose(config, { timeoutMs: 200 })).map(({ code }) => code)

/** A fetch as a page sees it: answers without leave to be read are errors. */
const openPage = (fetchOfPage: typeof fetch = platformFetch): void => {
  vi.stubGlobal('document', {})
  vi.stubGlobal('fetch', fetchOfPage.bind(undefined))
}
const platformFetch = globalThis.fetch
const browserFetch: typeof fetch = async (url, init) => {
  const response = await platformFetch(url, init)
  if (init?.mode !== 'no-cors' && !response.headers.has('access-control-allow-origin')) {
    throw new TypeError('Failed to fetch')
  }
  return response
}

test('nothing is wrong with a set-up as the README has it', async () => {
  const pool = await startPool()
  const tokenProvider = amplifyTokenProvider(makePolicy())
  Amplify.configure(pool.amplifyConfig, { Auth: { tokenProvider } })
  const findings = await diagnose()
  expect(findings).toEqual([])
  expect(formatFindings(findings)).toBe('Nothing is wrong with the set-up.')
})

describe('a configuration', () => {
  test.each<[string, Config]>([
    ['that is empty', {}],
    [
      'without a user pool',
      { Auth: { Cognito: { identityPoolId: 'us-east-1:x', allowGuestAccess: true } } },
    ],
    ['without an app client', { Auth: { Cognito: { userPoolId: 'us-east-1_x' } } } as Config],
    ['that is none', { version: '1', auth: 7 }],
    ['that is broken', { Auth: { Cognito: { userPoolId: 7, userPoolClientId: 7 } } } as never],
  ])('%s is told', async (_, config) => {
    expect(await codes(config)).toEqual(['not-configured'])
  })

  test.each([
    ['us-east-1', 'has no underscore'],
    ['us-east-1:0f0e0d0c-0000-0000-0000-000000000000', 'is the id of an identity pool'],
    ['arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Emulator1', 'is an ARN'],
    ['us_east_1_Emulator1', 'has a region of the wrong form'],
  ])('with the user pool id %s, which %s, is told', async (userPoolId) => {
    const { amplifyConfig } = await startPool()
    const config = { Auth: { Cognito: { ...amplifyConfig.Auth.Cognito, userPoolId } } }
    const [finding] = await diagnose(config)
    expect(finding).toMatchObject({ severity: 'error', code: 'user-pool-id' })
    expect(finding?.message).toContain(userPoolId)
  })

  test.each([
    ['us-east-1_Emulator1', 'error'],
    ['us-east-1:0f0e0d0c-0000-0000-0000-000000000000', 'error'],
    ['my+client', 'warning'],
  ])('with the client id %s is told as %s', async (userPoolClientId, severity) => {
    const { amplifyConfig } = await startPool()
    const config = { Auth: { Cognito: { ...amplifyConfig.Auth.Cognito, userPoolClientId } } }
    expect((await diagnose(config))[0]).toMatchObject({ severity, code: 'client-id' })
  })

  test.each<[string, object, string]>([
    [
      'an endpoint in another region',
      { userPoolEndpoint: 'https://cognito-idp.eu-west-1.amazonaws.com' },
      'region',
    ],
    ['an endpoint that is no URL', { userPoolEndpoint: 'localhost:9229/' }, 'endpoint'],
    ['an endpoint without a scheme', { userPoolEndpoint: '//cognito' }, 'endpoint'],
    [
      'an OAuth domain in another region',
      {
        loginWith: {
          oauth: { domain: 'x.auth.eu-west-1.amazoncognito.com', responseType: 'code' },
        },
      },
      'region',
    ],
    [
      'an OAuth domain with a scheme',
      { loginWith: { oauth: { domain: 'https://login.example.com', responseType: 'code' } } },
      'oauth-domain',
    ],
    ['no OAuth domain', { loginWith: { oauth: { responseType: 'code' } } }, 'oauth-domain'],
    [
      'the implicit flow',
      { loginWith: { oauth: { domain: 'login.example.com', responseType: 'token' } } },
      'response-type',
    ],
  ])('with %s is told', async (_, part, code) => {
    const { amplifyConfig } = await startPool()
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')))
    const config = { Auth: { Cognito: { ...amplifyConfig.Auth.Cognito, ...part } } } as Config
    expect(await codes(config)).toContain(code)
  })

  test('may come as amplify_outputs.json', async () => {
    const pool = await startPool()
    const outputs = {
      version: '1.3',
      auth: { aws_region: 'us-east-1', user_pool_id: 'eu_1_x', user_pool_client_id: pool.clientId },
    }
    expect(await codes(outputs)).toEqual(['user-pool-id'])
  })

  test('of a real user pool has nothing wrong in it', async () => {
    vi.stubGlobal('fetch', () =>
      Promise.resolve(
        Response.json(
          { __type: 'NotAuthorizedException', message: 'Invalid Refresh Token' },
          { status: 400 },
        ),
      ),
    )
    for (const region of [
      'us-east-1',
      'ap-southeast-2',
      'us-gov-west-1',
      'eusc-de-east-1',
      'cn-north-1',
    ]) {
      const Cognito = {
        userPoolId: `${region}_AbCdEf123`,
        userPoolClientId: '1example23456789abcdefghij',
        loginWith: {
          oauth: {
            domain: `app.auth.${region}.amazoncognito.com`,
            responseType: 'code' as const,
            scopes: [],
            redirectSignIn: [],
            redirectSignOut: [],
          },
        },
      }
      expect(await codes({ Auth: { Cognito } })).toEqual([])
    }
  })
})

describe('the token provider', () => {
  test.each([
    ['is none', {}],
    [
      "is Amplify's own",
      {
        tokenProvider: cognitoUserPoolsTokenProvider,
        credentialsProvider: cognitoCredentialsProvider,
      },
    ],
  ])('that %s is told, and finding out refreshes nothing', async (_, Auth) => {
    const pool = await startPool()
    await signInAs('alice')
    pass(3600_000)
    const Cognito = {
      ...pool.amplifyConfig.Auth.Cognito,
      identityPoolId: 'us-east-1:00000000-0000-0000-0000-000000000000',
      identityPoolEndpoint: 'http://127.0.0.1:9',
      allowGuestAccess: true,
    }
    Amplify.configure({ Auth: { Cognito } }, { Auth })
    pool.clearLog()
    expect(await codes()).toEqual(['provider'])
    // The one with the refresh token that nobody has.
    expect(pool.log.map(({ outcome }) => outcome)).toEqual(['NotAuthorizedException'])
  })
})

describe('the global fetch', () => {
  test('of a page that was replaced is told', async () => {
    const pool = await startPool()
    openPage()
    expect(await codes(pool.amplifyConfig)).toEqual([])
    vi.stubGlobal('fetch', (...request: Parameters<typeof fetch>) => platformFetch(...request))
    expect(await codes(pool.amplifyConfig)).toEqual(['fetch-replaced'])
  })
})

describe('an endpoint', () => {
  test('that never answers is told', async () => {
    const pool = await startPool()
    breakRefresh(pool, { kind: 'no-answer' })
    expect(await codes(pool.amplifyConfig)).toEqual(['timeout'])
  })

  test('that is not there is told', async () => {
    const pool = await startPool()
    await pool.close()
    expect(await codes(pool.amplifyConfig)).toEqual(['offline'])
    openPage(browserFetch)
    expect(await codes(pool.amplifyConfig)).toEqual(['offline'])
  })

  test('that the page may not read is told', async () => {
    const pool = await startPool()
    openPage(browserFetch)
    expect(await codes(pool.amplifyConfig)).toEqual([])
    breakRefresh(pool, { kind: 'html', cors: false })
    expect(await codes(pool.amplifyConfig)).toEqual(['cors'])
  })

  test('is not blamed on a machine that is offline', async () => {
    const pool = await startPool()
    await pool.close()
    vi.stubGlobal('navigator', { onLine: false })
    const [finding] = await diagnose(pool.amplifyConfig)
    expect(finding).toMatchObject({
      code: 'offline',
      message: expect.stringContaining('This machine') as string,
    })
  })

  test('that does not know the client is told', async () => {
    const pool = await startPool()
    const Cognito = { ...pool.amplifyConfig.Auth.Cognito, userPoolClientId: 'a'.repeat(26) }
    expect(await diagnose({ Auth: { Cognito } })).toMatchObject([
      { severity: 'error', code: 'wrong-client' },
    ])
  })

  test.each([
    [{ kind: 'html' } as const, 'bad-answer', 'warning'],
    [{ kind: 'html', status: 200 } as const, 'bad-answer', 'warning'],
    [{ kind: 'status', status: 503 } as const, 'server-error', 'warning'],
    [
      { kind: 'status', status: 500, body: '{"__type":"CognitoLocal#Unsupported"}' } as const,
      'unsupported',
      'error',
    ],
    [{ kind: 'throttle' } as const, 'throttled', 'warning'],
  ])('that answers %o is told', async (fault, code, severity) => {
    const pool = await startPool()
    breakRefresh(pool, fault)
    expect(await diagnose(pool.amplifyConfig)).toMatchObject([{ code, severity }])
    expect(refreshes(pool)).toBe(1)
  })
})

test('findings read as lines on a terminal', async () => {
  expect(formatFindings(await diagnose({}))).toMatch(
    /^error not-configured: Amplify has no user pool\. Call Amplify\.configure\(\) .+\.$/,
  )
})
