import { createPolicy } from '@unexpired/core'
import { expect, test } from 'vitest'
import { scriptedIdp, virtualClock } from './index.ts'

test('a night passes in no time in a browser, too', async () => {
  const runtime = virtualClock()
  const idp = scriptedIdp({ runtime, latencyMs: 200, lifetimeMs: 900_000 })
  const first = idp.signIn('alice')
  const policy = createPolicy({ source: idp.source(), origins: ['self'], runtime })
  expect(await policy.token()).toMatchObject({ value: first.value })
  await runtime.advance(8 * 3_600_000)
  const token = policy.token()
  await runtime.advance(200)
  expect(idp.check((await token).value)).toEqual({ status: 'valid', user: 'alice' })
  expect(idp.refreshes).toMatchObject([{ outcome: 'refreshed', tookMs: 200 }])
})
