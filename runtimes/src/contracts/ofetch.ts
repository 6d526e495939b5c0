import { adapterContract, doNoHarm } from '@unexpired/testing/node'
import { ofetchHarness as harness } from '../../../packages/ofetch/test/ofetch-harness.ts'
import { scenes } from '../../../packages/ofetch/test/scenes.ts'
import { run } from '../inside/run.ts'

await run((framework) => {
  adapterContract({ ...framework, harness })
  doNoHarm({ ...framework, harness, scenes })
})
