import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { environment, stop } from './run.ts'

export interface Registry {
  readonly url: string
  /** The lines that send our scope here. All else comes from where the machine gets it. */
  readonly npmrc: string
  close(): Promise<void>
}

// No uplink: what is not published here is not found, so nothing of ours can come from elsewhere.
const config = `
storage: ./storage
auth:
  htpasswd:
    file: ./htpasswd
uplinks: {}
packages:
  '@unexpired/*':
    access: $all
    publish: $authenticated
log: { type: file, path: registry.log, level: warn }
`

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function addUser(url: string): Promise<string> {
  const name = 'rehearsal'
  const response = await fetch(`${url}/-/user/org.couchdb.user:${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password: crypto.randomUUID() }),
  })
  const { token } = (await response.json()) as { token?: string }
  if (token === undefined) throw new Error(`The registry took no user: ${response.status}`)
  return token
}

/** Starts an empty registry on loopback, with one user who may publish. */
export async function startRegistry(folder: string): Promise<Registry> {
  mkdirSync(folder)
  writeFileSync(join(folder, 'config.yaml'), config)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const bin = join(import.meta.dirname, 'tools/node_modules/verdaccio/bin/verdaccio')
  const server = spawn(
    process.execPath,
    [bin, '--config', 'config.yaml', '--listen', `127.0.0.1:${port}`],
    { cwd: folder, env: environment(), stdio: 'ignore' },
  )
  // An interrupted run ends without a farewell.
  process.once('exit', () => server.kill())
  const isUp = (): Promise<boolean> =>
    fetch(`${url}/-/ping`).then(
      ({ ok }) => ok,
      () => false,
    )
  for (let tries = 0; !(await isUp()); tries++) {
    if (tries > 300 || server.exitCode !== null) throw new Error('The registry does not answer')
    await wait(100)
  }
  const token = await addUser(url)
  return {
    url,
    npmrc: `@unexpired:registry=${url}/\n//127.0.0.1:${port}/:_authToken=${token}\n`,
    close: () => stop(server),
  }
}

/** What the registry says of a package. */
export interface Published {
  readonly 'dist-tags': Readonly<Record<string, string>>
  readonly versions: Readonly<
    Record<string, { readonly dist: { readonly tarball: string; readonly shasum: string } }>
  >
}

export async function published(url: string, name: string): Promise<Published> {
  const response = await fetch(`${url}/${name}`)
  if (!response.ok) throw new Error(`The registry has no ${name}: ${response.status}`)
  return (await response.json()) as Published
}
