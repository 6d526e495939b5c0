/** An app for Node, as a module and in CommonJS, with every client. */
import { existsSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'

import { startBackend } from './backend.ts'
import { freshApp, named, nodes } from './fresh-app.ts'
import { run } from './run.ts'

const clients = 5

let app: string

beforeAll(async () => {
  app = await freshApp('node')
})

test.for(
  Object.keys(nodes).flatMap((major) => [
    { major, kind: 'ES modules', file: 'esm.mjs' },
    { major, kind: 'CommonJS, by require', file: 'commonjs.cjs' },
  ]),
)('Node $major, $kind', async ({ major, file }, { task, onTestFinished }) => {
  const node = nodes[major] ?? ''
  if (!existsSync(node)) throw new Error(`Set NODE_${major} to the path of a Node ${major}`)
  const backend = await startBackend()
  onTestFinished(() => backend.close())

  const output = await run(app, node, file, JSON.stringify(backend.settings))
  const users = Array.from({ length: 2 * clients }, () => 'alice')
  expect(JSON.parse(output)).toEqual({ users, rehearsed: true })
  backend.expectRefreshed(clients)
  task.meta.with = `Node ${(await run(app, node, '--version')).trim()}, ${named(app)}`
})
