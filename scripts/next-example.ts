/**
 * Gets the Next.js example ready: builds the packages, installs it by its own lockfile, brings its
 * copies of the packages up to date, and builds it. `--no-build` leaves the last step out.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, realpathSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const example = join(root, 'examples/next-amplify')

function run(cwd: string, command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, {
    cwd,
    stdio: 'inherit',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`)
}

run(root, 'tsc', '-b', ...globSync('packages/*/tsconfig.json', { cwd: root }))
run(example, 'pnpm', 'install', '--frozen-lockfile', '--prefer-offline')
for (const link of globSync('node_modules/@unexpired/*', { cwd: example })) {
  const copy = join(realpathSync(join(example, link)), 'dist')
  // Its files may be hard links to those of the package itself.
  rmSync(copy, { recursive: true, force: true })
  cpSync(join(root, 'packages', basename(link), 'dist'), copy, { recursive: true })
}
if (!process.argv.includes('--no-build'))
  run(example, 'node', 'node_modules/next/dist/bin/next', 'build')
