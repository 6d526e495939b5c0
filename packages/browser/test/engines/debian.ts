import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const find = (command: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, command))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })

/**
 * The path of a command, installed from Debian first where it is missing and we may.
 *
 * @throws an `Error` that names the packages, where they cannot be installed
 */
export const fromDebian = (command: string, ...packages: string[]): string => {
  if (!find(command) && process.getuid?.() === 0) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    for (const run of [['update'], ['install', '-y', '--no-install-recommends', ...packages]])
      spawnSync('apt-get', run, { env, stdio: ['ignore', 2, 2] })
  }
  const path = find(command)
  if (!path)
    throw new Error(`There is no ${command} here. Install ${packages.join(', ')} (Debian's names).`)
  return path
}
