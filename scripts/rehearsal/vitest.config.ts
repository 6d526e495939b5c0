import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

import { Table } from './table.ts'

/** First the release, then the apps that install it. */
class ReleaseFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): string =>
      moduleId.endsWith('release.test.ts') ? '' : moduleId
    return files.toSorted((a, b) => (place(a) < place(b) ? -1 : 1))
  }
}

const config: ViteUserConfig = defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: './setup.ts',
    fileParallelism: false,
    sequence: { sequencer: ReleaseFirst },
    // As many compilers at once as the machines of CI have cores.
    maxConcurrency: 2,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    reporters: [new Table(), ['json', { outputFile: '../../reports/rehearsal.json' }]],
  },
})

export default config
