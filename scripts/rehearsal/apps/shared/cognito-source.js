// A token source without Amplify: what an app writes for a provider of its own.
import { jwtToken } from '@unexpired/core'

export async function cognitoSource({ endpoint, clientId }) {
  async function ask(operation, body) {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify({ ClientId: clientId, ...body }),
    })
    if (!response.ok) throw new Error(`${operation} was answered ${response.status}`)
    return (await response.json()).AuthenticationResult
  }
  const session = await ask('InitiateAuth', {
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: 'alice', PASSWORD: 'secret' },
  })
  let refreshToken = session.RefreshToken
  let token = jwtToken(session.AccessToken)
  return {
    name: 'cognito',
    read: () => token,
    async refresh() {
      const result = await ask('GetTokensFromRefreshToken', { RefreshToken: refreshToken })
      refreshToken = result.RefreshToken ?? refreshToken
      return jwtToken(result.AccessToken)
    },
    store(refreshed) {
      token = refreshed
    },
  }
}
