/** Whether a release is signed. The signature itself needs CI: seen here is that it is asked for. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import { emptyApp } from './fresh-app.ts'
import { ran } from './run.ts'

const workflow = join(import.meta.dirname, '../../.github/workflows/release.yml')

test('with what CI sets, pnpm asks for an identity to sign the provenance with', async ({
  onTestFinished,
}) => {
  const asked: (string | null)[] = []
  const identities = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://localhost').searchParams.get('audience'))
    response.statusCode = 500
    response.end()
  })
  identities.listen(0, '127.0.0.1')
  await once(identities, 'listening')
  onTestFinished(() => void identities.close())
  const { port } = identities.address() as AddressInfo

  const text = readFileSync(workflow, 'utf8')
  const settings = [...text.matchAll(/^ +(\w+_PROVENANCE): '(\w+)'$/gm)]
  const app = emptyApp('signed', { name: '@unexpired/signed', version: '1.0.0' })
  const env = {
    ...Object.fromEntries(settings.map(([, name, value]) => [name, value])),
    GITHUB_ACTIONS: 'true',
    ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/?version=1`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'for the rehearsal',
  }
  const { status } = await ran({ cwd: app, env }, 'pnpm', 'publish', '--no-git-checks')
  expect(asked).toContain('sigstore')
  // Without an identity nothing is published.
  expect(status).not.toBe(0)
})
