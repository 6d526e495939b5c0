/** What is in each package that was published. */
import { globSync, mkdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { expect, inject, test } from 'vitest'

import { published } from './registry.ts'
import { versions } from './release-copy.ts'
import { run } from './run.ts'

interface Manifest {
  readonly license?: string
  readonly sideEffects?: boolean
  readonly keywords?: readonly string[]
  readonly repository?: { readonly directory?: string }
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly publishConfig?: { readonly provenance?: boolean }
}

/** Fetches the newest version, and unpacks it. */
async function unpack(name: string): Promise<string> {
  const { 'dist-tags': tags, versions: all } = await published(inject('registry').url, name)
  const tarball = all[tags['latest'] ?? '']?.dist.tarball ?? ''
  const folder = join(inject('work'), `contents-${basename(name)}`)
  mkdirSync(folder)
  const response = await fetch(tarball)
  await writeFile(join(folder, 'package.tgz'), new Uint8Array(await response.arrayBuffer()))
  await run(folder, 'tar', '-xzf', 'package.tgz')
  return join(folder, 'package')
}

test.for(Object.keys(versions()))(
  '%s has its documents, its sources and its maps',
  async (name) => {
    const content = await unpack(name)
    const files = globSync('**', { cwd: content })
    const has = (path: string): boolean => files.includes(join(path))
    const text = (path: string): string => readFileSync(join(content, path), 'utf8')
    const manifest = JSON.parse(text('package.json')) as Manifest

    expect(manifest).toMatchObject({
      license: 'MIT',
      sideEffects: false,
      keywords: expect.arrayContaining(['access-token']),
      repository: { directory: name.replace('@unexpired/', 'packages/') },
      publishConfig: { provenance: true },
    })
    const ranges = Object.entries(manifest.dependencies ?? {})
      .filter(([dependency]) => dependency.startsWith('@unexpired/'))
      .map(([, range]) => range)
    for (const range of ranges) expect(range).toMatch(/^\^\d+\.\d+\.\d+$/)

    const named = Object.values(manifest.exports ?? {}).flatMap((conditions) =>
      Object.values(conditions),
    )
    const expected = [
      'README.md',
      'CHANGELOG.md',
      'LICENSE',
      ...named,
      ...Object.values(manifest.bin ?? {}),
    ]
    expect(expected.filter((path) => !has(path))).toEqual([])
    expect(text('CHANGELOG.md')).toMatch(/^# @unexpired\/[^]*^## \d/m)

    const compiled = files.filter((path) => path.startsWith('src/') && path.endsWith('.ts'))
    expect(compiled.length).toBeGreaterThan(0)
    const emitted = compiled.flatMap((path) => {
      const stem = path.replace(/^src\/(.*)\.ts$/, 'dist/$1')
      return [`${stem}.js`, `${stem}.js.map`, `${stem}.d.ts`, `${stem}.d.ts.map`]
    })
    expect(emitted.filter((path) => !has(path))).toEqual([])
    const sources = files
      .filter((path) => path.endsWith('.map'))
      .flatMap((path) =>
        (JSON.parse(text(path)) as { sources: string[] }).sources.map((source) =>
          join(dirname(path), source),
        ),
      )
    expect(sources.filter((path) => !has(path))).toEqual([])
    expect(files.filter((path) => /\.test\.|tsbuildinfo|\.api\//.test(path))).toEqual([])
  },
)
