/**
 * Turns the pending changesets into versions and changelogs. The Next.js example is installed on its
 * own, out of the sight of changesets, so its ranges are brought along here.
 */
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

const { status } = spawnSync('changeset', ['version'], { cwd: root, stdio: 'inherit' })
if (status !== 0) process.exit(status ?? 1)

const example = join(root, 'examples/next-amplify/package.json')
let text = readFileSync(example, 'utf8')
for (const path of globSync('packages/*/package.json', { cwd: root })) {
  const { name, version } = JSON.parse(readFileSync(join(root, path), 'utf8')) as {
    name: string
    version: string
  }
  text = text.replace(new RegExp(`("${name}": )"[^"]*"`), `$1"^${version}"`)
}
writeFileSync(example, text)
