/** An app in TypeScript: checked with its libraries by every version from 5.4 on, and what is emitted runs. */
import { globSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'

import { complaints, entries } from '../declarations.ts'
import { startBackend } from './backend.ts'
import { freshApp, installed, manifest, named, nodes, tool } from './fresh-app.ts'
import { versions } from './release-copy.ts'
import { run } from './run.ts'

const compilers = globSync('typescript-*', { cwd: tool('') })
  .toSorted()
  .map((name) => ({ name, version: manifest(tool(name)).version }))

let app: string

beforeAll(async () => {
  app = await freshApp('typescript')
})

test('all packages are checked, from TypeScript 5.4 to 7.0', () => {
  expect(installed(app).map(({ name }) => name)).toEqual(Object.keys(versions()).toSorted())
  expect(compilers.at(0)?.version).toMatch(/^5\.4\./)
  expect(compilers.at(-1)?.version).toMatch(/^7\.0\./)
})

test.concurrent.for(compilers)(
  'TypeScript $version',
  async ({ name, version }, { task, expect: expected, onTestFinished }) => {
    const tsc = tool(`${name}/bin/tsc`)
    for (const kind of ['web', 'node'] as const) {
      const specifiers = entries(kind, installed(app))
      const files = kind === 'node' ? ['main.ts'] : []
      expected(await complaints({ app, kind, specifiers, tsc, name, files })).toEqual([])
    }
    const backend = await startBackend()
    onTestFinished(() => backend.close())
    const settings = JSON.stringify(backend.settings)
    const output = await run(app, nodes['22'] ?? '', `${name}/main.js`, settings)
    const users = Array.from({ length: 4 }, () => 'alice')
    expected(JSON.parse(output)).toEqual({ users, rehearsed: true })
    backend.expectRefreshed(2)
    task.meta.with = `TypeScript ${version}, ${named(app)}`
  },
)
