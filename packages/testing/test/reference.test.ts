import { describe, test } from 'vitest'
import { adapterContract, doNoHarm, fetchHarness } from '../src/node/index.ts'
import { withAuth } from './reference-adapter.ts'

const harness = fetchHarness(withAuth)

adapterContract({ describe, test, harness })
doNoHarm({
  describe,
  test,
  harness,
  scenes: [
    {
      name: 'a URL object',
      run: async (send, base) => (await send(new URL('/status/200', base))).status,
    },
  ],
})
