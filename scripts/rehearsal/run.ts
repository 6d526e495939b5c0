import { execFile, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** The way to a signature, to a real registry, and what the test runner says to what it starts itself. */
const keptBack =
  /^(ACTIONS_|GITHUB_|NODE_OPTIONS$|NODE_ENV$|NODE_AUTH_TOKEN$|NPM_TOKEN$|npm_(package|lifecycle|config_local)_|INIT_CWD$|VITEST|TEST$|PROD$|DEV$|MODE$|SSR$|BASE_URL$)/

/** What a command of the rehearsal sees: the machine as it is, without provenance, which only CI can sign. */
export function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !keptBack.test(name))
  return {
    ...Object.fromEntries(kept),
    CI: 'true',
    DO_NOT_TRACK: '1',
    NEXT_TELEMETRY_DISABLED: '1',
    NPM_CONFIG_PROVENANCE: 'false',
    PNPM_CONFIG_PROVENANCE: 'false',
    NPM_CONFIG_UPDATE_NOTIFIER: 'false',
  }
}

export interface Ran {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command to its end, whatever that is. The test process goes on: it may be the server. */
export function ran(
  place: string | { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  command: string,
  ...args: string[]
): Promise<Ran> {
  const { cwd, env } = typeof place === 'string' ? { cwd: place, env: {} } : place
  return new Promise((resolve) => {
    const settings = {
      cwd,
      env: { ...environment(), ...env },
      timeout: 240_000,
      maxBuffer: 2 ** 26,
    }
    execFile(command, args, settings, (error, stdout, stderr) => {
      const status = error === null ? 0 : Number(error.code) || 1
      // A command that could not be started has said nothing itself.
      resolve({ status, stdout, stderr: stderr || (error?.message ?? '') })
    })
  })
}

/** Runs a command that must succeed, and gives what it printed. */
export async function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await ran(cwd, command, ...args)
  if (status !== 0) {
    const said = `${stdout}${stderr}`.slice(-4000)
    throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${said}`)
  }
  return stdout
}

/** Ends a server that was started, and waits until it is gone. */
export async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = once(server, 'exit')
  server.kill()
  await gone
}
