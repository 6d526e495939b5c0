import { withAuth } from '@unexpired/fetch'
import { adapterContract, doNoHarm, fetchHarness } from '@unexpired/testing/node'
import { scenes } from '../../../packages/fetch/test/scenes.ts'
import { run } from '../inside/run.ts'

const harness = fetchHarness(withAuth)

await run((framework) => {
  adapterContract({ ...framework, harness })
  doNoHarm({ ...framework, harness, scenes })
})
