import { createPolicy } from '@unexpired/core'
import { scriptedIdp, virtualClock } from '@unexpired/testing'
import { expect, test } from 'vitest'

test('after a night, the app asks for a new sign-in', async () => {
  const runtime = virtualClock()
  const idp = scriptedIdp({ runtime, lifetimeMs: 15 * 60_000, sessionMs: 8 * 3_600_000 })
  idp.signIn('alice')
  const origins = ['https://api.example.com']
  const policy = createPolicy({ source: idp.source(), origins, runtime })

  await policy.token()
  await runtime.advance(9 * 3_600_000)

  await expect(policy.token()).rejects.toMatchObject({ code: 'session-expired' })
  expect(policy.snapshot().status).toBe('signed-out')
})
