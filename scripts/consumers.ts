/**
 * Uses the packages the way that an app does: as packed, in a folder outside of this repository.
 * Every entry point must type-check, its declarations too, on the oldest TypeScript that is supported
 * and on the newest; and importing it in Node must leave no timer and no socket behind.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { complaints, entries, type Consumer } from './declarations.ts'

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const compilers = ['typescript-5-4', 'typescript']

const root = join(import.meta.dirname, '..')
const app = mkdtempSync(join(tmpdir(), 'unexpired-consumer-'))
const modules = join(app, 'node_modules')

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** Unpacks what would be published. */
function unpack(folder: string): Manifest {
  const { name } = manifest(join(root, folder))
  const [tarball] = globSync(`${name.slice(1).replace('/', '-')}-[0-9]*.tgz`, { cwd: app })
  if (tarball === undefined) throw new Error(`${name} was not packed`)
  const installed = join(modules, name)
  // Fails where the folder exists: nothing is ever unpacked over something else.
  mkdirSync(dirname(installed), { recursive: true })
  mkdirSync(installed)
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'], { cwd: app })
  return manifest(installed)
}

/** Puts beside it what a package manager would install: a link, never to a package of ours. */
function link(name: string, from: string): void {
  const target = join(from, 'node_modules', name)
  const path = join(modules, name)
  if (name.startsWith('@unexpired/') || existsSync(path) || !existsSync(target)) return
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(realpathSync(target), path)
}

function install(): Manifest[] {
  const packages = ['--recursive', '--filter', './packages/*']
  execFileSync('pnpm', [...packages, 'pack', '--pack-destination', app], { cwd: root })
  const folders = globSync('packages/*', { cwd: root }).filter(
    (folder) => !manifest(join(root, folder)).private,
  )
  const manifests = folders.map(unpack)
  for (const [index, { dependencies, peerDependencies }] of manifests.entries()) {
    for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
      link(name, join(root, folders[index] ?? ''))
    }
  }
  link('@types/node', root)
  return manifests
}

async function typesHold(kind: Consumer, manifests: readonly Manifest[]): Promise<boolean> {
  const specifiers = entries(kind, manifests)
  let holds = true
  for (const name of compilers) {
    const tsc = join(root, 'node_modules', name, 'bin/tsc')
    const lines = await complaints({ app, kind, specifiers, tsc, name })
    for (const line of lines) console.error(`${name}, ${kind}: ${line}`)
    holds &&= lines.length === 0
  }
  return holds
}

function importsAreInert(specifiers: readonly string[]): boolean {
  const code = `
    for (const specifier of ${JSON.stringify(specifiers)}) {
      const { length } = Object.keys(await import(specifier))
      if (length === 0) throw new Error(specifier + ' exports nothing')
    }
    const busy = process.getActiveResourcesInfo().filter((name) => !/^(TTY|Pipe)/.test(name))
    if (busy.length > 0) throw new Error('Imports left something running: ' + busy)
  `
  writeFileSync(join(app, 'imports.mjs'), code)
  return spawnSync(process.execPath, ['imports.mjs'], { cwd: app, stdio: 'inherit' }).status === 0
}

try {
  writeFileSync(join(app, 'package.json'), '{ "type": "module" }')
  const manifests = install()
  const holds = [
    await typesHold('web', manifests),
    await typesHold('node', manifests),
    importsAreInert(entries('node', manifests)),
  ]
  process.exitCode = holds.every(Boolean) ? 0 : 1
} finally {
  rmSync(app, { recursive: true })
}
