/**
 * Builds every project that the root tsconfig.json names. The compiler trusts its own record of what
 * is up to date. It leaves behind the output of a source that was deleted or renamed, and does not
 * miss an output that somebody deleted: both are put right first, so that no check and no tarball
 * ever meets a stale `dist`.
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

const sources = globSync('{packages,apps}/*/src/**/*.ts', {
  cwd: root,
  exclude: ['**/*.test.ts', '**/*.d.ts'],
})
for (const source of sources) {
  const output = source.replace('/src/', '/dist/').replace(/\.ts$/, '.js')
  if (!existsSync(join(root, output))) {
    rmSync(join(root, source.replace(/\/src\/.*/, '/dist/.tsbuildinfo')), { force: true })
  }
}

process.exitCode = spawnSync('tsc', ['-b'], { cwd: root, stdio: 'inherit' }).status ?? 1
