/** Two versions of core in one app, as npm nests them when an adapter stands on an older one. */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'

import { startBackend } from './backend.ts'
import { emptyApp } from './fresh-app.ts'
import { published } from './registry.ts'
import { run } from './run.ts'

test('two versions of core share a policy, and recognise the errors of each other', async ({
  task,
  onTestFinished,
}) => {
  const { url } = inject('registry')
  // The one before the last was released when core was at its first version.
  const older = Object.keys((await published(url, '@unexpired/axios')).versions).at(-2) ?? ''
  const app = emptyApp('two-cores', {
    type: 'module',
    dependencies: { '@unexpired/axios': older, '@unexpired/core': 'latest', axios: '1.21.1' },
  })
  for (const file of ['two-cores/main.js', 'shared/cognito-source.js']) {
    cpSync(join(import.meta.dirname, 'apps', file), join(app, file.split('/')[1] ?? ''))
  }
  await run(app, 'npm', 'install', '--no-audit', '--no-fund')
  const backend = await startBackend()
  onTestFinished(() => backend.close())

  const output = await run(app, process.execPath, 'main.js', JSON.stringify(backend.settings))
  const { versions, ...seen } = JSON.parse(output) as { versions: readonly string[] }
  const released = Object.keys((await published(url, '@unexpired/core')).versions)
  expect(versions).toEqual(released)
  expect(seen).toEqual({
    samePolicy: true,
    sameClass: false,
    users: ['alice', 'alice'],
    ofNewer: ['bad-token', 'bad-token'],
    ofOlder: ['bad-token', 'bad-token'],
    throughAll: ['session-expired', 'session-expired'],
    said: [],
  })
  backend.expectRefreshed(1)
  task.meta.with = `core ${versions.join(' and ')}, axios ${older}`
})
