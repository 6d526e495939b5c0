import { adapterContract } from '@unexpired/testing/node'
import { contracts } from '../../../packages/graphql/test/contracts.ts'
import { run } from '../inside/run.ts'

await run((framework) => {
  for (const [name, options] of contracts)
    framework.describe(name, () => adapterContract({ ...framework, ...options }))
})
