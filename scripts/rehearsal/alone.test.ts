/** What comes along with an adapter, in the bundle and on the disk. */
import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'

import { emptyApp, installed } from './fresh-app.ts'
import { run } from './run.ts'

interface Bundle {
  readonly modules: readonly string[]
  readonly imports: readonly string[]
}

const adapters = [
  { adapter: 'axios', client: 'axios@1.21.1', beside: [] },
  { adapter: 'fetch', client: undefined, beside: [] },
  { adapter: 'graphql', client: 'graphql-request@7.4.0', beside: ['fetch'] },
  { adapter: 'ky', client: 'ky@2.1.0', beside: ['fetch'] },
  { adapter: 'ofetch', client: 'ofetch@1.5.1', beside: ['fetch'] },
]

/** `@unexpired/core`, of any file in it. */
const packageOf = (path: string): string =>
  /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path

test.for(adapters)(
  'the $adapter adapter alone: core and itself',
  async ({ adapter, client, beside }, { task }) => {
    const ours = [adapter, 'core', ...beside].map((name) => `@unexpired/${name}`).toSorted()
    const app = emptyApp(`alone-${adapter}`, { type: 'module' })
    const wanted = [`@unexpired/${adapter}`, ...(client === undefined ? [] : [client])]
    await run(app, 'npm', 'install', '--no-audit', '--no-fund', ...wanted)

    const onDisk = installed(app)
    expect(onDisk.map(({ name }) => name).toSorted()).toEqual(ours)
    const dependencies = onDisk.flatMap(({ dependencies: own = {} }) => Object.keys(own))
    expect(dependencies.filter((name) => !ours.includes(name))).toEqual([])

    const clientName = client?.split('@')[0]
    const external = clientName === undefined ? [] : [clientName]
    writeFileSync(join(app, 'entry.js'), `export { withAuth } from '@unexpired/${adapter}'\n`)
    const script = join(import.meta.dirname, 'tools/modules-of.js')
    const output = await run(app, process.execPath, script, 'entry.js', ...external)
    const { modules, imports } = JSON.parse(output) as Bundle
    expect([...new Set(modules.map(packageOf))].toSorted()).toEqual(ours)
    // Of core an adapter needs how to recognise an error, and not the policy.
    const ofCore = modules.filter((path) => packageOf(path) === '@unexpired/core')
    expect(ofCore.map((path) => basename(path))).toEqual(['errors.js'])
    expect(imports.filter((name) => name !== clientName)).toEqual([])
    task.meta.with = `${ours.join(', ')}; ${modules.length} modules`
  },
)
