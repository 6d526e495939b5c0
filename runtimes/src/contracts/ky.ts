import { adapterContract, doNoHarm } from '@unexpired/testing/node'
import { capabilities, kyHarness as harness } from '../../../packages/ky/test/ky-harness.ts'
import { scenes } from '../../../packages/ky/test/scenes.ts'
import { run } from '../inside/run.ts'

await run((framework) => {
  adapterContract({ ...framework, harness, capabilities })
  doNoHarm({ ...framework, harness, scenes })
})
