import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startBackend, type Backend } from '../dev/backend.ts'

/** Where the app is; another folder where another version of Next.js is tried. */
const folder = process.env.APP_FOLDER ?? join(import.meta.dirname, '..')
export const appUrl = 'http://localhost:3100'

export const soon = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The app as it is deployed, and its backend. */
export interface Server {
  readonly backend: Backend
  close(): Promise<void>
}

const isUp = (): Promise<boolean> =>
  fetch(appUrl).then(
    ({ ok }) => ok,
    () => false,
  )

/** Starts what `next build` has built, by the command line that a server would use. */
export const startServer = async (accessTokenSeconds: number): Promise<Server> => {
  // The addresses are built into the app, so another one may not answer in its place.
  if (await isUp()) throw new Error(`Something else answers at ${appUrl}: end it first`)
  const backend = await startBackend({
    apiPort: 4101,
    port: 9229,
    accessTokenSeconds,
    idTokenSeconds: accessTokenSeconds,
  })
  const preload = pathToFileURL(join(folder, 'dev/keys-from-emulator.mjs')).href
  const server = spawn(
    process.execPath,
    ['node_modules/next/dist/bin/next', 'start', '--port', '3100'],
    {
      cwd: folder,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        NODE_OPTIONS: `--import ${preload}`,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  for (let tries = 0; !(await isUp()); tries++) {
    if (tries > 300 || server.exitCode !== null) throw new Error('next start does not answer')
    await soon(200)
  }
  return {
    backend,
    async close() {
      const gone = once(server, 'exit')
      server.kill()
      await gone
      await backend.close()
    },
  }
}
