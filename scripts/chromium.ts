/**
 * Finds a Chromium for the tests that need a real browser, and installs one where none is found.
 * Looked for: `CHROMIUM_PATH`, the usual names on the PATH, what Playwright has downloaded before.
 * As a command it prints the path of the executable.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import { chromium as playwright } from 'playwright'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

const asRoot = process.getuid?.() === 0

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The path of a Chromium that is already here. Installs nothing. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH
  // A path that was asked for and is wrong must not be replaced by another browser in silence.
  if (named) {
    if (executable(named)) return named
    throw new Error(`CHROMIUM_PATH names no executable: ${named}`)
  }
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...candidates, playwright.executablePath()].find(executable)
}

function run(command: string, ...args: string[]): void {
  // What an installer says goes to stderr: stdout of the command is the path alone.
  spawnSync(command, args, {
    stdio: ['ignore', process.stderr, process.stderr],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}

function installFromDebian(): void {
  if (!asRoot || !existsSync('/etc/debian_version')) return
  // Several packages may ask at once, and apt refuses a second run: wait, and look again first.
  const once = 'command -v chromium || { apt-get update && apt-get install -y chromium; }'
  run('flock', join(tmpdir(), 'unexpired-chromium.lock'), 'sh', '-c', once)
}

function installFromPlaywright(): void {
  run('playwright', 'install', ...(asRoot ? ['--with-deps'] : []), 'chromium')
}

/** The path of a Chromium, installed first where it has to be. Throws where that is not possible. */
export function chromium(): string {
  let found = findChromium()
  for (const install of [installFromDebian, installFromPlaywright]) {
    if (found !== undefined) break
    install()
    found = findChromium()
  }
  if (found === undefined) {
    throw new Error(
      'No Chromium here, and none could be installed: install Chromium or Chrome, or set CHROMIUM_PATH to one.',
    )
  }
  return found
}

/** How the tests start it. A sandbox needs a user other than root. */
export const launchArguments: readonly string[] = [
  ...(asRoot ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

if (import.meta.main) {
  try {
    console.log(chromium())
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
