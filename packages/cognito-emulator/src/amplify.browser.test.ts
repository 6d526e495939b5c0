import { Amplify } from 'aws-amplify'
import { fetchAuthSession, signIn, signOut } from 'aws-amplify/auth'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { commands } from 'vitest/browser'

import type { Fault } from './index.ts'

const REFRESH = 'GetTokensFromRefreshToken'

let endpoint = ''

beforeEach(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  localStorage.clear()
  const config = await commands.openPool({ rotation: true })
  endpoint = config.Auth.Cognito.userPoolEndpoint
  Amplify.configure(config)
  await signIn({ username: 'alice', password: 'secret' })
})

afterEach(async () => {
  await signOut()
  await commands.closePool()
})

const storedTokens = (): number =>
  Object.keys(localStorage).filter((key) => key.endsWith('Token')).length

describe('on a page of another origin', () => {
  test('Amplify signs in by SRP and refreshes', async () => {
    expect(new URL(endpoint).origin).not.toBe(location.origin)
    expect(storedTokens()).toBe(3)
    const before = (await fetchAuthSession()).tokens?.accessToken.toString()
    const after = (await fetchAuthSession({ forceRefresh: true })).tokens?.accessToken.toString()
    expect(after).toEqual(expect.any(String))
    expect(after).not.toBe(before)
  })

  test('an error can be read, header and all', async () => {
    const headers = { 'x-amz-target': `AWSCognitoIdentityProviderService.${REFRESH}` }
    const answer = await fetch(endpoint, { method: 'POST', headers, body: '{}' })
    expect(answer.headers.get('x-amzn-errortype')).toBe('InvalidParameterException:')
    expect(answer.headers.get('date')).not.toBeNull()
    expect(await answer.json()).toMatchObject({ __type: 'InvalidParameterException' })
  })

  test('so can Retry-After', async () => {
    await commands.failPool({ with: { kind: 'throttle', retryAfterSeconds: 7 } })
    const answer = await fetch(endpoint, { method: 'POST', body: '{}' })
    expect(answer.headers.get('retry-after')).toBe('7')
  })

  // A browser sends a request again by itself where a kept-alive connection is reset.
  test.each<[string, Fault, string, number]>([
    ['a dropped connection reaches Amplify each time', { kind: 'drop' }, 'NetworkError', 3],
    ['a page of a proxy can be seen', { kind: 'html' }, 'SyntaxError', 1],
    ['or not, without CORS', { kind: 'html', cors: false }, 'NetworkError', 3],
  ])('%s', async (_, fault, name, requests) => {
    await commands.failPool({ operation: REFRESH, with: fault })
    await expect(fetchAuthSession({ forceRefresh: true })).rejects.toMatchObject({ name })
    expect(await commands.poolLog()).toHaveLength(requests)
    expect(storedTokens()).toBe(3)
  })

  test('a lost answer ends the session', async () => {
    await commands.failPool({
      operation: REFRESH,
      times: 1,
      with: { kind: 'drop', afterWork: true },
    })
    await expect(fetchAuthSession({ forceRefresh: true })).rejects.toMatchObject({
      name: 'RefreshTokenReuseException',
    })
    const log = await commands.poolLog()
    expect(log.map(({ outcome }) => outcome)).toEqual(['ok', 'RefreshTokenReuseException'])
    expect(storedTokens()).toBe(0)
  })
})
