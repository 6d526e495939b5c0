/**
 * Builds every project that the root tsconfig.json names. The compiler keeps its own record of what
 * is up to date, but leaves behind the output of a source that was deleted or renamed: that goes
 * first, so that no check and no tarball ever sees it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

for (const output of globSync('{packages,apps}/*/dist/**/*.{js,d.ts,js.map,d.ts.map}', {
  cwd: root,
})) {
  const source = output.replace('/dist/', '/src/').replace(/\.(js|d\.ts)(\.map)?$/, '.ts')
  if (!existsSync(join(root, source))) rmSync(join(root, output))
}

process.exitCode = spawnSync('tsc', ['-b'], { cwd: root, stdio: 'inherit' }).status ?? 1
