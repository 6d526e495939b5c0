import { appendFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { run } from './run.ts'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
}

/** A bump of one package, as a changeset names it. */
export type Bumps = Readonly<Record<string, 'patch' | 'minor'>>

const root = join(import.meta.dirname, '../..')

/**
 * Puts what is committed into a repository of its own, which knows no other: nothing can be pushed,
 * and nothing in the real tree changes. Without history, since changesets cannot read a shallow one.
 */
export async function makeCopy(folder: string, npmrc: string): Promise<void> {
  mkdirSync(folder)
  const archive = join(folder, '..', 'tree.tar')
  await run(root, 'git', 'archive', '--output', archive, 'HEAD')
  await run(folder, 'tar', '-xf', archive)
  writeFileSync(join(folder, '.npmrc'), npmrc)
  await run(folder, 'git', 'init', '--quiet', '--initial-branch', 'main')
  await commit(folder, 'What is released')
  await run(folder, 'pnpm', 'install', '--frozen-lockfile', '--prefer-offline')
}

export async function commit(folder: string, subject: string): Promise<void> {
  const person = ['-c', 'user.name=Rehearsal', '-c', 'user.email=rehearsal@example.com']
  await run(folder, 'git', 'add', '--all')
  await run(folder, 'git', ...person, 'commit', '--quiet', '--allow-empty', '--message', subject)
}

/** The versions of all packages that can be published, by name. */
export function versions(folder: string): Record<string, string> {
  const manifests = globSync('packages/*/package.json', { cwd: folder })
    .map((path) => JSON.parse(readFileSync(join(folder, path), 'utf8')) as Manifest)
    .filter((manifest) => manifest.private !== true)
  return Object.fromEntries(manifests.map(({ name, version }) => [name, version]))
}

/** Whether changesets wait for a release. */
export function isPending(folder: string): boolean {
  return globSync('.changeset/*.md', { cwd: folder, exclude: ['.changeset/README.md'] }).length > 0
}

/** Changes the sources of packages so that an app can see it, and writes the changeset for it. */
export function change(folder: string, mark: string, bumps: Bumps): void {
  for (const name of Object.keys(bumps)) {
    const entry = join(folder, name.replace('@unexpired/', 'packages/'), 'src/index.ts')
    appendFileSync(entry, `/** Written by the rehearsal. */\nexport const ${mark} = true\n`)
  }
  const lines = Object.entries(bumps).map(([name, bump]) => `'${name}': ${bump}`)
  const text = ['---', ...lines, '---', '', `Exports ${mark}.`, ''].join('\n')
  writeFileSync(join(folder, '.changeset', `${mark}.md`), text)
}
