import { appendFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'

import { run } from './run.ts'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly publishConfig?: { readonly registry?: string }
}

/** A bump of one package, as a changeset names it. */
export type Bumps = Readonly<Record<string, 'patch' | 'minor'>>

const root = join(import.meta.dirname, '../..')

/** Where the copy is. */
export const copy = join(inject('work'), 'copy')

/**
 * Puts what is committed into a repository of its own, which knows no other: nothing can be pushed,
 * and nothing in the real tree changes. Without history, since changesets cannot read a shallow one.
 */
export async function makeCopy(npmrc: string): Promise<void> {
  mkdirSync(copy)
  const archive = join(inject('work'), 'tree.tar')
  await run(root, 'git', 'archive', '--output', archive, 'HEAD')
  await run(copy, 'tar', '-xf', archive)
  writeFileSync(join(copy, '.npmrc'), npmrc)
  await run(copy, 'git', 'init', '--quiet', '--initial-branch', 'main')
  await commit('What is released')
  await run(copy, 'pnpm', 'install', '--frozen-lockfile', '--prefer-offline')
}

export async function commit(subject: string): Promise<void> {
  const person = ['-c', 'user.name=Rehearsal', '-c', 'user.email=rehearsal@example.com']
  await run(copy, 'git', 'add', '--all')
  await run(copy, 'git', ...person, 'commit', '--quiet', '--allow-empty', '--message', subject)
}

function manifests(): Manifest[] {
  return globSync('packages/*/package.json', { cwd: copy })
    .map((path) => JSON.parse(readFileSync(join(copy, path), 'utf8')) as Manifest)
    .filter((manifest) => manifest.private !== true)
}

/** The versions of all packages that can be published, by name. */
export function versions(): Record<string, string> {
  return Object.fromEntries(manifests().map(({ name, version }) => [name, version]))
}

/** Throws where something would go elsewhere: whoever is signed in to the real registry must be safe. */
export async function expectLoopback(): Promise<void> {
  const { url } = inject('registry')
  const core = join(copy, 'packages/core')
  const seen = await run(core, 'pnpm', 'config', 'get', '@unexpired:registry')
  const named = manifests().flatMap(({ publishConfig }) => publishConfig?.registry ?? [])
  if (seen.trim() !== `${url}/` || named.length > 0) {
    throw new Error(`This would be published to ${seen.trim()} ${named.join(' ')}, not to ${url}`)
  }
}

/** Publishes what is not published yet, as CI does, and gives what was said. */
export async function publish(): Promise<string> {
  await expectLoopback()
  return run(copy, 'pnpm', 'release')
}

/** Whether changesets wait for a release. */
export function isPending(): boolean {
  return globSync('.changeset/*.md', { cwd: copy, exclude: ['.changeset/README.md'] }).length > 0
}

/** Changes the sources of packages so that an app can see it, and writes the changeset for it. */
export function change(mark: string, bumps: Bumps): void {
  for (const name of Object.keys(bumps)) {
    const entry = join(copy, name.replace('@unexpired/', 'packages/'), 'src/index.ts')
    appendFileSync(entry, `/** Written by the rehearsal. */\nexport const ${mark} = true\n`)
  }
  const lines = Object.entries(bumps).map(([name, bump]) => `'${name}': ${bump}`)
  const text = ['---', ...lines, '---', '', `Exports ${mark}.`, ''].join('\n')
  writeFileSync(join(copy, '.changeset', `${mark}.md`), text)
}
