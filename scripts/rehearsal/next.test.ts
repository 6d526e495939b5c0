/** An app with Next.js: a page in a real Chromium, rendered by the server first, and a route handler. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, expect, onTestFinished, test } from 'vitest'

import { startBackend } from './backend.ts'
import { freshApp, manifest, named } from './fresh-app.ts'
import { visit } from './page.ts'
import { environment, run, stop } from './run.ts'

const next = 'node_modules/next/dist/bin/next'

let app: string

beforeAll(async () => {
  app = await freshApp('next', {
    'browser-session.js': 'app/browser-session.js',
    'cognito-source.js': 'app/cognito-source.js',
  })
})

/** Builds the app for a backend, and starts it as it is deployed. */
async function start(settings: object): Promise<string> {
  writeFileSync(join(app, '.env'), `NEXT_PUBLIC_SETTINGS='${JSON.stringify(settings)}'\n`)
  await run(app, process.execPath, next, 'build')
  const server = spawn(process.execPath, [next, 'start', '--port', '0'], {
    cwd: app,
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => stop(server))
  let output = ''
  server.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  for (let tries = 0; ; tries++) {
    const [url] = /http:\/\/localhost:\d+/.exec(output) ?? []
    if (url !== undefined && output.includes('Ready')) return url
    if (tries > 300 || server.exitCode !== null) throw new Error(`No server: ${output}`)
    await wait(100)
  }
}

test('Next.js: a page and a route handler', async ({ task }) => {
  const [ofPage, ofServer] = [await startBackend(), await startBackend()]
  onTestFinished(() => ofPage.close())
  onTestFinished(() => ofServer.close())
  const url = await start({ ...ofPage.settings, server: ofServer.settings })

  expect(await (await fetch(url)).text()).toContain('data-status="unknown"')
  const { result, text, browser } = await visit(url)
  expect(result).toEqual({ users: ['alice', 'alice'], rehearsed: true })
  expect(text).toBe('The session is fresh.')
  ofPage.expectRefreshed(1)

  const report = await fetch(`${url}/report`)
  expect(await report.json()).toEqual({ users: ['alice', 'alice'], rehearsed: true })
  ofServer.expectRefreshed(1)

  const { version } = manifest(join(app, 'node_modules/next'))
  task.meta.with = `Next.js ${version}, ${browser}, ${named(app)}`
})
