import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { onTestFinished } from 'vitest'
import type { UserPool } from '../src/index.ts'

/** The real AWS SDK, pointed at a pool. It needs no credentials for these operations. */
export function sdkClient(pool: UserPool, maxAttempts = 1): CognitoIdentityProviderClient {
  const client = new CognitoIdentityProviderClient({
    region: pool.region,
    endpoint: pool.endpoint,
    maxAttempts,
  })
  onTestFinished(() => client.destroy())
  return client
}
