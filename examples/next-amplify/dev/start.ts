/** Runs the app against a user pool on this machine: `pnpm start`, or `pnpm dev` with reloading. */
import { spawn, spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { startBackend } from './backend.ts'

const folder = join(import.meta.dirname, '..')
const preload = pathToFileURL(join(import.meta.dirname, 'keys-from-emulator.mjs')).href
const env = {
  ...process.env,
  NEXT_TELEMETRY_DISABLED: '1',
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import ${preload}`,
}
const isDev = process.argv.includes('--dev')
const next = (...args: string[]) =>
  [process.execPath, [join(folder, 'node_modules/next/dist/bin/next'), ...args]] as const

const backend = await startBackend({ apiPort: 4101, port: 9229 })
console.log(
  `Cognito ${backend.pool.endpoint}, API ${backend.apiUrl}, tokens of 20 s; alice or bob, password secret`,
)
if (!isDev) {
  const { status } = spawnSync(...next('build'), { cwd: folder, env, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
const server = spawn(...next(isDev ? 'dev' : 'start', '--port', '3100'), {
  cwd: folder,
  env,
  stdio: 'inherit',
})
server.on('exit', (status) => {
  void backend.close().then(() => process.exit(status ?? 0))
})
