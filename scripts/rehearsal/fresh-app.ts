import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'

import { run } from './run.ts'

/** What is read of an installed package. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
}

export function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** A program of the folder `tools`, which an app need not install. */
export function tool(path: string): string {
  return join(import.meta.dirname, 'tools/node_modules', path)
}

/** Each Node that is supported, by its major version. */
export const nodes: Readonly<Record<string, string>> = {
  '22': process.env.NODE_22 ?? tool(`node-22-${process.platform}-${process.arch}/bin/node`),
  '24': process.execPath,
}

/** Makes a folder outside of the workspace in which our scope comes from the registry of the rehearsal. */
export function emptyApp(name: string, content: object): string {
  const app = join(inject('work'), name)
  mkdirSync(app)
  writeFileSync(join(app, '.npmrc'), inject('registry').npmrc)
  writeFileSync(join(app, 'package.json'), JSON.stringify(content))
  // What was published a moment ago may be installed. The folder above is nobody's workspace.
  writeFileSync(
    join(app, 'pnpm-workspace.yaml'),
    "packages: []\npmOnFail: ignore\nminimumReleaseAgeExclude: ['@unexpired/*']\n",
  )
  return app
}

/** Copies an app, with what it shares with others, and installs it as anybody would. */
export async function freshApp(
  name: string,
  shared: Readonly<Record<string, string>> = {},
): Promise<string> {
  const source = join(import.meta.dirname, 'apps', name)
  const app = emptyApp(name, {})
  cpSync(source, app, { recursive: true })
  for (const [from, to] of Object.entries(shared)) {
    cpSync(join(import.meta.dirname, 'apps/shared', from), join(app, to))
  }
  await run(app, 'pnpm', 'install', '--no-frozen-lockfile')
  return app
}

/** Our packages that an app has installed. */
export function installed(app: string): Manifest[] {
  const scope = join(app, 'node_modules/@unexpired')
  return readdirSync(scope)
    .toSorted()
    .map((name) => manifest(join(scope, name)))
}

/** The same as text, with versions. */
export function named(app: string): string {
  return installed(app)
    .map(({ name, version }) => `${name.replace('@unexpired/', '')} ${version}`)
    .join(', ')
}
