/** An app for browsers, bundled by Vite and by webpack, in a real Chromium. */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'

import { startBackend } from './backend.ts'
import { freshApp, manifest, named, tool } from './fresh-app.ts'
import { serve, visit } from './page.ts'
import { run } from './run.ts'

let app: string

beforeAll(async () => {
  app = await freshApp('web', { 'browser-session.js': 'browser-session.js' })
})

const bundlers = {
  Vite: async (output: string) => {
    await run(app, process.execPath, tool('vite/bin/vite.js'), 'build', '--outDir', output)
  },
  webpack: async (output: string) => {
    const command = [tool('webpack-cli/bin/cli.js'), 'build', '--mode', 'production']
    await run(app, process.execPath, ...command, '--entry', './main.js', '--output-path', output)
    cpSync(join(app, 'index.html'), join(output, 'index.html'))
  },
} as const

test.for(Object.entries(bundlers))('%s', async ([name, bundle], { task, onTestFinished }) => {
  const output = join(app, `by-${name}`)
  await bundle(output)
  const backend = await startBackend()
  onTestFinished(() => backend.close())
  const { url, close } = await serve(output)
  onTestFinished(close)

  const page = `${url}?settings=${encodeURIComponent(JSON.stringify(backend.settings))}`
  const { result, browser } = await visit(page)
  expect(result).toEqual({ users: ['alice', 'alice'], rehearsed: true })
  backend.expectRefreshed(1)
  task.meta.with = `${name} ${manifest(tool(name.toLowerCase())).version}, ${browser}, ${named(app)}`
})
